"""What Schemathesis does before it sends a request."""

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    """Nobody refuses headers that they do not know: proxies and browsers add some."""
    return not any("unknown-property" in name for name in case.headers or {})


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sends headers as UTF-8: Spin answers others itself, with an empty 500, before a component.

    `requests` writes text as Latin-1 where it can, so that the bytes of UTF-8 have to look like it.
    """
    for values in (case.headers, case.cookies):
        for name, value in (values or {}).items():
            if isinstance(value, str):
                values[name] = value.encode("utf-8", "replace").decode("latin-1")

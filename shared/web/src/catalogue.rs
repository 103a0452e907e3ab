//! The catalogue of events: an OpenAPI document whose `webhooks` are their types.

/// The lists of `catalogue/` put together by `build.rs`.
pub const DOCUMENT: &str = include_str!(concat!(env!("OUT_DIR"), "/catalogue.json"));

/// The names of all types, each in a line of its own.
const TYPES: &str = include_str!(concat!(env!("OUT_DIR"), "/types.txt"));

/// Whether there is such a type, or a family such as `response.*`.
pub fn has(name: &str) -> bool {
    match name.strip_suffix('*') {
        Some(family) => {
            family.ends_with('.')
                && TYPES.lines().any(|it| it.starts_with(family) && it.len() > family.len())
        }
        None => TYPES.lines().any(|it| it == name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_or_a_family_is_known_as_it_is_written() {
        for known in ["response.created", "response.*", "webhook.disabled", "webhook.*"] {
            assert!(has(known), "{known}");
        }
        let strange =
            ["", "*", ".*", "response", "response.", "res*", "response.c*", "nothing.*", "a\nb"];
        for unknown in strange {
            assert!(!has(unknown), "{unknown}");
        }
    }
}

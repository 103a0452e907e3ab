use super::*;

const LIST: &str = include_str!("../../../../tests/golden/destinations.txt");

/// One line of the list: the exceptions it stands under, what is said, and the URL.
fn cases() -> Vec<(Exceptions, &'static str, String)> {
    let mut exceptions = Exceptions::default();
    let mut cases = Vec::new();
    for line in LIST.lines().filter(|it| !it.is_empty() && !it.starts_with('#')) {
        if let Some(setting) = line.strip_prefix("with ") {
            exceptions = Exceptions::parse(setting);
        } else {
            let (verdict, url) = line.split_once(' ').unwrap();
            cases.push((exceptions.clone(), verdict, unescape(url.trim_start())));
        }
    }
    cases
}

/// Control characters and blanks stand in the list as `\u{…}`, `\t`, `\r`, `\n`, `\s`, `\\`.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        match (char == '\\').then(|| rest.next().unwrap()) {
            None => out.push(char),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('n') => out.push('\n'),
            Some('s') => out.push(' '),
            Some('u') => {
                let code: String = rest.by_ref().skip(1).take_while(|it| *it != '}').collect();
                out.push(char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap());
            }
            Some(other) => out.push(other),
        }
    }
    out
}

#[test]
fn every_line_of_the_list_is_judged_as_it_says() {
    let mut wrong = Vec::new();
    let mut refused = 0;
    for (exceptions, verdict, url) in cases() {
        let said = check(&url, &exceptions).map_or_else(Refusal::name, |_| "allowed");
        refused += usize::from(verdict != "allowed");
        if said != verdict {
            wrong.push(format!("{url:?} is {said}, the list says {verdict}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(refused >= 200, "{refused}");
}

#[test]
fn no_spelling_of_a_forbidden_host_has_a_way_in_by_port_path_or_case() {
    let none = Exceptions::default();
    for (exceptions, verdict, url) in cases() {
        if exceptions.is_empty() && matches!(verdict, "host" | "address" | "name") {
            let upper = url.to_ascii_uppercase();
            for other in [format!("{url}/a?b=c"), format!("{url}?b"), upper] {
                assert!(check(&other, &none).is_err(), "{other}");
            }
        }
    }
}

#[test]
fn what_is_allowed_keeps_its_path_and_loses_its_capitals() {
    let none = Exceptions::default();
    let url = "HTTPS://Hooks.Example.COM:8443/In/A%2Fb?Q=%41";
    let destination = Destination {
        url: "https://hooks.example.com:8443/In/A%2Fb?Q=%41".to_owned(),
        host: "hooks.example.com".to_owned(),
        port: 8443,
        is_secure: true,
    };
    assert_eq!(check(url, &none), Ok(destination));
    let v6 = check("https://[2606:4700:4700::1111]/", &none).unwrap();
    assert_eq!((v6.host.as_str(), v6.port), ("2606:4700:4700::1111", 443));
    let open = Exceptions::parse("crm.corp");
    let http = check("http://crm.corp/", &open).unwrap();
    assert_eq!((http.port, http.is_secure), (80, false));
}

#[test]
fn every_address_of_every_closed_network_is_closed_to_its_edges() {
    let edges = [
        ("0.0.0.0", "0.255.255.255", "1.0.0.0"),
        ("10.0.0.0", "10.255.255.255", "11.0.0.0"),
        ("100.64.0.0", "100.127.255.255", "100.128.0.0"),
        ("127.0.0.0", "127.255.255.255", "128.0.0.0"),
        ("169.254.0.0", "169.254.255.255", "169.255.0.0"),
        ("172.16.0.0", "172.31.255.255", "172.32.0.0"),
        ("192.168.0.0", "192.168.255.255", "192.169.0.0"),
        ("198.18.0.0", "198.19.255.255", "198.20.0.0"),
        ("168.63.129.16", "168.63.129.16", "168.63.129.17"),
    ];
    let before = |address: &str| {
        let number = u32::from(address.parse::<std::net::Ipv4Addr>().unwrap());
        number.checked_sub(1).map(std::net::Ipv4Addr::from)
    };
    for (first, last, after) in edges {
        assert!(!address::is_public(first.parse().unwrap()), "{first}");
        assert!(!address::is_public(last.parse().unwrap()), "{last}");
        assert!(address::is_public(after.parse().unwrap()), "{after}");
        if let Some(before) = before(first) {
            assert!(address::is_public(before.into()), "{before}");
        }
    }
    assert!(address::is_public("223.255.255.255".parse().unwrap()));
    assert!(!address::is_public("224.0.0.0".parse().unwrap()));
    assert!(!address::is_public("255.255.255.255".parse().unwrap()));
}

#[test]
fn a_url_of_the_greatest_length_is_the_longest() {
    let url = |chars: usize| format!("https://example.com/{}", "a".repeat(chars - 20));
    let none = Exceptions::default();
    assert!(check(&url(URL_CHARS_MAX), &none).is_ok());
    assert_eq!(check(&url(URL_CHARS_MAX + 1), &none), Err(Refusal::TooLong));
    let label = "a".repeat(63);
    let name = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    assert!(check(&format!("https://{name}/"), &none).is_ok());
    assert_eq!(check(&format!("https://{name}a/"), &none), Err(Refusal::Host));
}

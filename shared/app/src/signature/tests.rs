//! The vectors of the standard, and of those whose schemes others use.

use standardwebhooks::Webhook;

use super::*;

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT: i64 = 1_614_265_330;
const BODY: &str = r#"{"test": 2432232314}"#;
const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

/// Of the suites of the reference libraries; the last two are ours, computed with others.
const VECTORS: [[&str; 5]; 4] = [
    [KEY, ID, "1614265330", BODY, SIGNED],
    [
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        "1649367553",
        r#"{"email":"test@example.com","username":"test_user"}"#,
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ],
    [KEY, ID, "1614265330", "", "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A="],
    [KEY, ID, "1614265330", r#"{"msg":"投诉"}"#, "v1,+TcVGhThGJ3E+TjEMNBZZLV7DsnfM1MVxyYv/Binx5Y="],
];

fn key() -> Vec<u8> {
    read_secret(KEY).unwrap()
}

fn check(signatures: &str) -> Result<(), Rejected> {
    verify(&key(), ID, "1614265330", signatures, BODY.as_bytes(), AT)
}

#[test]
fn the_vectors_of_the_standard_hold() {
    for [key, id, at, body, signature] in VECTORS {
        let secret = read_secret(key).unwrap();
        let at_s: i64 = at.parse().unwrap();
        assert_eq!(sign(Scheme::V1, &secret, id, at_s, body.as_bytes()), signature);
        assert_eq!(verify(&secret, id, at, signature, body.as_bytes(), at_s), Ok(()));
        assert_eq!(shown(&secret), key);
        assert_eq!(read_secret(key.strip_prefix("whsec_").unwrap()).unwrap(), secret);
    }
    let seed = Base64::decode_vec("VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=").unwrap();
    let public = "whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g=";
    assert_eq!(public_key(&seed).as_deref(), Some(public));
    assert_eq!(
        sign(Scheme::V1a, &seed, ID, AT, BODY.as_bytes()),
        "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag\
         =="
    );
    assert_eq!(public_key(&seed[1..]), None);
    assert_eq!(sign(Scheme::V1a, &seed[1..], ID, AT, b""), "v1a,");
}

#[test]
fn a_list_is_good_if_any_of_it_is() {
    let wrong = "Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    assert_eq!(check(&format!("v1,{wrong} v2,{wrong} {SIGNED} v1,{wrong}")), Ok(()));
    assert_eq!(check(&format!("{SIGNED} v1,{wrong}")), Ok(()));
    let right = SIGNED.strip_prefix("v1").unwrap();
    for list in [
        "v1,",
        &SIGNED[..11],
        &format!("v1,{wrong} v1,{wrong}"),
        // Others' versions are not ours, whatever stands in them.
        &format!("v2{right}"),
        &format!("v1a{right}"),
        &format!("v1{right},"),
        &format!("v1,{wrong}{right}"),
        &right[1..],
        " ",
    ] {
        assert_eq!(check(list), Err(Rejected::Signature), "{list}");
    }
}

#[test]
fn what_is_missing_or_out_of_time_is_refused() {
    let check = |secret: &[u8], id: &str, at: &str, signatures: &str, now: i64| {
        verify(secret, id, at, signatures, BODY.as_bytes(), now)
    };
    let (key, at) = (key(), "1614265330");
    assert_eq!(check(&key, "", at, SIGNED, AT), Err(Rejected::Malformed));
    assert_eq!(check(&key, ID, "", SIGNED, AT), Err(Rejected::Malformed));
    assert_eq!(check(&key, ID, at, "", AT), Err(Rejected::Malformed));
    assert_eq!(check(&key, ID, "hello", SIGNED, AT), Err(Rejected::Malformed));
    assert_eq!(check(&[], ID, at, SIGNED, AT), Err(Rejected::Malformed));
    assert_eq!(check(&key, ID, "-9223372036854775808", SIGNED, AT), Err(Rejected::Time));
    for (now, result) in [
        (AT - 301, Err(Rejected::Time)),
        (AT - 300, Ok(())),
        (AT + 300, Ok(())),
        (AT + 301, Err(Rejected::Time)),
    ] {
        assert_eq!(check(&key, ID, at, SIGNED, now), result, "{now}");
    }
    assert_eq!(check(&key, "msg_other", at, SIGNED, AT), Err(Rejected::Signature));
    assert_eq!(check(&key, ID, "1614265331", SIGNED, AT), Err(Rejected::Signature));
    for text in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "密"] {
        assert_eq!(read_secret(text), None, "{text}");
    }
    for (bytes, is_good) in [(23, false), (24, true), (64, true), (65, false)] {
        assert_eq!(read_secret(&shown(&vec![7; bytes])).is_some(), is_good, "{bytes}");
    }
}

/// What the independent verifier says, which compares with the time of now.
fn theirs(secret: &str, id: &str, at: i64, signatures: &str, body: &[u8]) -> bool {
    let mut headers = http::HeaderMap::new();
    headers.insert("webhook-id", id.parse().unwrap());
    headers.insert("webhook-timestamp", at.into());
    headers.insert("webhook-signature", signatures.parse().unwrap());
    Webhook::new(secret).unwrap().verify(body, &headers).is_ok()
}

#[test]
fn somebody_elses_verifier_agrees() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_secs()).unwrap();
    for round in 0..50_u8 {
        let new = new_secret([[round; 16], [round ^ 0x55; 16]]);
        let old = new_secret([[round ^ 0xaa; 16], [round; 16]]);
        assert_eq!(
            (new[..16].to_vec(), new[16..].to_vec()),
            (vec![round; 16], vec![round ^ 85; 16])
        );
        let body = format!(r#"{{"轮":{round}}}"#);
        let signature = |secret: &[u8]| sign(Scheme::V1, secret, "evt_1", now, body.as_bytes());
        let both = format!("{} {}", signature(&new), signature(&old));
        for secret in [shown(&new), shown(&old)] {
            assert!(theirs(&secret, "evt_1", now, &both, body.as_bytes()), "{round}");
            assert!(!theirs(&secret, "evt_2", now, &both, body.as_bytes()), "{round}");
        }
        assert!(!theirs(&shown(&old), "evt_1", now, &signature(&new), body.as_bytes()), "{round}");
        let signed = Webhook::new(&shown(&new)).unwrap().sign("evt_1", now, body.as_bytes());
        assert_eq!(signed.unwrap(), signature(&new));
    }
}

#[test]
fn an_ed25519_signature_verifies_with_the_public_key() {
    let secret = new_secret([[1; 16], [2; 16]]);
    let key = public_key(&secret).unwrap();
    let key = Base64::decode_vec(key.strip_prefix("whpk_").unwrap()).unwrap();
    let key = ed25519_compact::PublicKey::from_slice(&key).unwrap();
    let signed = sign(Scheme::V1a, &secret, "evt_1", 5, b"{}");
    let signature = Base64::decode_vec(signed.strip_prefix("v1a,").unwrap()).unwrap();
    let signature = ed25519_compact::Signature::from_slice(&signature).unwrap();
    assert!(key.verify(b"evt_1.5.{}", &signature).is_ok());
    assert!(key.verify(b"evt_1.6.{}", &signature).is_err());
}

#[test]
fn stripes_signatures_are_verified() {
    // echo -n '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
    let body = br#"{"id":"evt_1"}"#;
    let hex = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
    let check = |header: &str, now| stripe(b"whsec_test", header, body, now);
    let now = 1_700_000_000;
    assert_eq!(check(&format!("t=1700000000,v1={hex}"), now), Ok(()));
    assert_eq!(check(&format!("t=1700000000, v0=00, v1=00, v1={hex}"), now + 300), Ok(()));
    assert_eq!(check(&format!("t=1700000000,v1={}", hex.to_uppercase()), now), Ok(()));
    assert_eq!(check(&format!("t=1700000000,v1={hex}"), now + 301), Err(Rejected::Time));
    assert_eq!(check(&format!("t=1700000000,v1={hex}"), now - 301), Err(Rejected::Time));
    assert_eq!(check(&format!("t=1700000001,v1={hex}"), now), Err(Rejected::Signature));
    assert_eq!(check(&format!("t=1700000000,v0={hex}"), now), Err(Rejected::Signature));
    assert_eq!(check(&format!("t=1700000000,v1={}", &hex[1..]), now), Err(Rejected::Signature));
    assert_eq!(check("t=1700000000,v1=", now), Err(Rejected::Signature));
    assert_eq!(check("t=1700000000,v1=zz", now), Err(Rejected::Signature));
    let twice = format!("t=1,t=1700000000,v1={hex}");
    for header in ["", "t", &format!("v1={hex}"), &format!("t=x,v1={hex}"), &twice] {
        assert_eq!(check(header, now), Err(Rejected::Malformed), "{header}");
    }
    assert_eq!(stripe(b"", "t=1700000000,v1=", body, now), Err(Rejected::Malformed));
}

#[test]
fn githubs_signatures_are_verified() {
    // The example of GitHub's documentation.
    let secret = b"It's a Secret to Everybody";
    let hex = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let check = |header: &str, body: &[u8]| github(secret, header, body);
    assert_eq!(check(&format!("sha256={hex}"), b"Hello, World!"), Ok(()));
    assert_eq!(check(&format!("sha256={hex}"), b"Hello, World"), Err(Rejected::Signature));
    assert_eq!(check(&format!("sha256={hex}0"), b"Hello, World!"), Err(Rejected::Signature));
    assert_eq!(check("sha256=", b"Hello, World!"), Err(Rejected::Signature));
    assert_eq!(check(&format!("sha1={hex}"), b"Hello, World!"), Err(Rejected::Malformed));
    assert_eq!(check("", b"Hello, World!"), Err(Rejected::Malformed));
    assert_eq!(github(b"", &format!("sha256={hex}"), b""), Err(Rejected::Malformed));
}

#[test]
fn a_token_is_the_same_or_refused() {
    assert_eq!(token("secret", "secret"), Ok(()));
    assert_eq!(token("secret", "secret "), Err(Rejected::Signature));
    assert_eq!(token("", ""), Err(Rejected::Malformed));
    assert_eq!(token("secret", ""), Err(Rejected::Malformed));
}

#[test]
fn schemes_have_names() {
    for scheme in [Scheme::V1, Scheme::V1a] {
        assert_eq!(Scheme::parse(scheme.name()), Some(scheme));
    }
    assert_eq!(Scheme::parse("v2"), None);
}

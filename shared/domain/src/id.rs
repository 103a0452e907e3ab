//! Ids and secrets: short, sortable, and never guessable where they must not be.
//!
//! An id is a prefix that names the kind of thing and a version 7 UUID (RFC 9562) in Crockford's
//! base32, so ids sort by the time of their making and a stray one tells what it is.

use sha2::{Digest, Sha256};

use crate::UtcMs;

/// Crockford's alphabet: no `i`, `l`, `o`, `u`, so an id survives being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A site: one company's or brand's data, apart from every other.
    Site,
    /// An API key (its name, never the key itself).
    Key,
    /// A touchpoint of the customer journey.
    Touchpoint,
    /// A department.
    Department,
    /// A person who works here.
    Agent,
    /// A customer.
    Customer,
    /// A survey; staff call it a study.
    Survey,
    /// One response to a survey.
    Response,
    /// An event.
    Event,
    /// A piece of work for the tick.
    Job,
    /// An alarm.
    Alarm,
    /// A programme: a survey that is asked again and again of a sample of customers.
    Programme,
    /// One turn of a programme.
    Wave,
    /// The invitation of one customer to a wave.
    Invitation,
    /// A webhook: where events are sent.
    Webhook,
    /// Something that people must know.
    Notice,
    /// A source: another system that tells us what happened there.
    Source,
    /// What a source sent.
    Inbound,
    /// An order that a customer completed.
    Order,
    /// A ticket or message that came from elsewhere.
    Message,
    /// A call that somebody was promised.
    Callback,
    /// What can be booked.
    Service,
    /// What leads to a call.
    CallRule,
    /// A number that is never called again.
    DoNotCall,
    /// A count or a duration that another system measured.
    Measurement,
    /// A complaint, from its receipt to its closing.
    Case,
    /// What was said in a case.
    Note,
    /// A coupon or a refund.
    Compensation,
    /// A calendar of working hours.
    Calendar,
    /// A policy with versions.
    Policy,
    /// A cause of complaints.
    Cause,
    /// A quarterly review of causes.
    Review,
    /// A report that was made.
    Report,
    /// A link to one view of the figures.
    Share,
    /// A text that staff begin from.
    Template,
    /// What was taken out of old rows at once.
    Expiry,
    /// What another product calls something of ours.
    ForeignId,
}

impl Kind {
    /// The prefix of this kind, with its underscore.
    pub const fn prefix(self) -> &'static str {
        match self {
            Kind::Site => "sit_",
            Kind::Key => "key_",
            Kind::Touchpoint => "tch_",
            Kind::Department => "dep_",
            Kind::Agent => "agt_",
            Kind::Customer => "cus_",
            Kind::Survey => "srv_",
            Kind::Response => "rsp_",
            Kind::Event => "evt_",
            Kind::Job => "job_",
            Kind::Alarm => "alm_",
            Kind::Webhook => "whk_",
            Kind::Notice => "ntc_",
            Kind::Source => "src_",
            Kind::Inbound => "inb_",
            Kind::Order => "ord_",
            Kind::Message => "msg_",
            Kind::Callback => "cbk_",
            Kind::Service => "svc_",
            Kind::CallRule => "crl_",
            Kind::DoNotCall => "dnc_",
            Kind::Measurement => "mea_",
            Kind::Case => "cmp_",
            Kind::Note => "nte_",
            Kind::Compensation => "cpn_",
            Kind::Calendar => "cal_",
            Kind::Policy => "pol_",
            Kind::Cause => "cau_",
            Kind::Review => "rvw_",
            Kind::Report => "rpt_",
            Kind::Share => "shr_",
            Kind::Template => "tpl_",
            Kind::Expiry => "xpy_",
            Kind::ForeignId => "fid_",
            Kind::Programme => "prg_",
            Kind::Wave => "wav_",
            Kind::Invitation => "inv_",
        }
    }

    /// Makes the id of this kind for `now` from sixteen random bytes.
    pub fn id(self, now: UtcMs, random: [u8; 16]) -> String {
        let mut bits = u128::from_be_bytes(random);
        let time = u128::from(now.max(0).unsigned_abs()) & 0xffff_ffff_ffff;
        bits &= !(0xffff_ffff_ffff_u128 << 80);
        bits |= time << 80;
        // Version 7 and the variant, where RFC 9562 puts them.
        bits = bits & !(0xf_u128 << 76) | 0x7_u128 << 76;
        bits = bits & !(0x3_u128 << 62) | 0x2_u128 << 62;
        let mut id = String::with_capacity(30);
        id.push_str(self.prefix());
        encode(bits, &mut id);
        id
    }

    /// Whether `text` has the form of an id of this kind.
    pub fn is(self, text: &str) -> bool {
        text.strip_prefix(self.prefix()).is_some_and(|rest| {
            rest.len() == 26 && rest.bytes().all(|byte| ALPHABET.contains(&byte))
        })
    }
}

/// Where an id stands among others: a number that is never smaller than that of an id before it.
///
/// The time and eleven random bits, and room for `2^10` numbers behind it. What has no form of an
/// id stands before all others.
pub fn place(id: &str) -> i64 {
    let digits = id.split_once('_').map_or("", |it| it.1);
    let value = |it: u8| ALPHABET.iter().position(|own| *own == it).map(|at| at as u64);
    let bits = digits
        .get(..13)
        .and_then(|it| it.bytes().try_fold(0_u64, |bits, it| Some(bits << 5 | value(it)?)));
    // 48 bits of time, 4 of the version, 11 that are random; the last of them go 2109 at the
    // earliest.
    let bits = bits.unwrap_or(0);
    let (time, random) = (bits >> 15 & 0x3ff_ffff_ffff, bits & 0x7ff);
    i64::try_from((time << 11 | random) << 10).unwrap_or(0)
}

/// Makes a secret token: `prefix` and 128 random bits.
pub fn token(prefix: &str, random: [u8; 16]) -> String {
    let mut token = String::with_capacity(prefix.len() + 26);
    token.push_str(prefix);
    encode(u128::from_be_bytes(random), &mut token);
    token
}

/// The hash under which a token is stored and compared.
///
/// Plain SHA-256 is enough: a token has 128 random bits, so there is nothing to guess from a
/// stolen hash, and comparing hashes tells a timing attacker nothing about the token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Whether a secret is the one that is given: the one way to compare them.
///
/// Hashes are compared, so that how long it takes tells nothing of where two secrets differ.
pub fn is_same(secret: &str, given: &str) -> bool {
    token_hash(secret) == token_hash(given)
}

/// One of many values that a random one stands for: as hard to guess, and without asking the
/// host again.
pub fn derived(random: [u8; 16], index: usize) -> [u8; 16] {
    let mut hasher = Sha256::new();
    hasher.update(random);
    hasher.update((index as u64).to_be_bytes());
    let hash: [u8; 32] = hasher.finalize().into();
    std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default())
}

/// Two such values, for what is made of two: a response and its event, an invitation and its link.
pub fn derived_pair(random: [u8; 16], index: usize) -> [[u8; 16]; 2] {
    [derived(random, index * 2), derived(random, index * 2 + 1)]
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

/// 26 characters, five bits each from the top; the first carries the top three bits.
fn encode(bits: u128, into: &mut String) {
    for place in (0..26).rev() {
        let index = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
        into.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'0')));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_name_their_kind() {
        let early = Kind::Response.id(1_763_773_200_000, [0xff; 16]);
        let late = Kind::Response.id(1_763_773_200_001, [0; 16]);
        assert!(early < late, "{early} {late}");
        assert!(Kind::Response.is(&early));
        assert!(!Kind::Survey.is(&early));
        assert_eq!(early.len(), 30);
    }

    #[test]
    fn places_are_in_the_order_of_ids() {
        let mut ids: Vec<String> = (0..1000_u16)
            .map(|it| {
                let time = 1_763_773_200_000 + i64::from(it / 10);
                Kind::Case.id(time, derived([9; 16], usize::from(it)))
            })
            .collect();
        ids.sort_unstable();
        let places: Vec<i64> = ids.iter().map(|it| place(it)).collect();
        assert!(places.is_sorted() && places.windows(2).filter(|it| it[0] == it[1]).count() < 10);
        assert!(places.iter().all(|it| 0 < *it && it % 1024 == 0));
        assert!(place(&Kind::Case.id(4_000_000_000_000, [0xff; 16])) > places[999]);
        assert_eq!((place("cmp_x"), place(""), place("cmp_zz何00000000000")), (0, 0, 0));
    }

    #[test]
    fn an_id_is_a_version_7_uuid() {
        let id = Kind::Event.id(0, [0xff; 16]);
        let bits = id.bytes().skip(4).fold(0_u128, |bits, byte| {
            bits << 5 | ALPHABET.iter().position(|it| *it == byte).unwrap() as u128
        });
        assert_eq!(bits >> 76 & 0xf, 7);
        assert_eq!(bits >> 62 & 0x3, 2);
        assert_eq!(bits >> 80, 0);
    }

    #[test]
    fn derived_values_differ_from_each_other_and_between_seeds() {
        let mut all: Vec<[u8; 16]> = (0..1000).map(|at| derived([7; 16], at)).collect();
        all.extend((0..1000).map(|at| derived([8; 16], at)));
        assert_eq!(derived([7; 16], 999), all[999]);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 2000);
    }

    #[test]
    fn a_token_keeps_every_random_bit() {
        assert_ne!(token("sk_", [1; 16]), token("sk_", [2; 16]));
        assert_eq!(token("sk_", [0xff; 16]), "sk_7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assert_eq!(hex(&token_hash(""))[..8], *"e3b0c442");
    }
}

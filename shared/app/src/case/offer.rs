//! Offers to complain: links to the form that know which answer went before, sealed, so that
//! nobody makes one but us, and kept nowhere.

use domain::UtcMs;

use crate::sealed::{open, seal};

/// What offers are sealed for.
const PURPOSE: &str = "complaint";
/// How long an offer holds.
pub const OFFER_MS: i64 = 30 * domain::civil::DAY_MS;

/// What an offer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The site.
    pub site_id: String,
    /// The response that led to it.
    pub response_id: String,
    /// Whose it is; empty for a visitor.
    pub customer_id: String,
    /// Their group.
    pub group: String,
    /// What the response was about; empty for nothing in particular.
    pub touchpoint_id: String,
    /// Until when it holds.
    pub expires_at: UtcMs,
}

impl Offer {
    /// Its token.
    pub fn token(&self, secret: &str) -> String {
        let expires = (self.expires_at / 1000).to_string();
        let fields = [
            self.site_id.as_str(),
            &self.response_id,
            &self.customer_id,
            &self.group,
            &self.touchpoint_id,
            &expires,
        ];
        seal(secret, PURPOSE, &fields)
    }

    /// The address of the form at an origin, with the offer.
    pub fn url(&self, secret: &str, origin: &str) -> String {
        format!("{origin}/c/{}?r={}", self.site_id, self.token(secret))
    }

    /// What a token of a site says, if it still holds.
    pub fn open(secret: &str, site_id: &str, token: &str, now: UtcMs) -> Option<Offer> {
        let mut fields = open(secret, PURPOSE, token)?.into_iter();
        let mut next = || fields.next();
        let offer = Offer {
            site_id: next()?,
            response_id: next()?,
            customer_id: next()?,
            group: next()?,
            touchpoint_id: next()?,
            expires_at: next()?.parse::<i64>().ok()?.saturating_mul(1000),
        };
        (offer.site_id == site_id && now < offer.expires_at).then_some(offer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_opens_at_its_site_while_it_holds() {
        let offer = Offer {
            site_id: "sit_shop".into(),
            response_id: "rsp_1".into(),
            customer_id: "cus_1".into(),
            group: "core".into(),
            touchpoint_id: String::new(),
            expires_at: 9_000,
        };
        let token = offer.token("secret");
        assert_eq!(Offer::open("secret", "sit_shop", &token, 8_999), Some(offer.clone()));
        assert_eq!(Offer::open("secret", "sit_shop", &token, 9_000), None);
        assert_eq!(Offer::open("secret", "sit_other", &token, 0), None);
        assert_eq!(Offer::open("other", "sit_shop", &token, 0), None);
        assert_eq!(offer.url("secret", "https://x"), format!("https://x/c/sit_shop?r={token}"));
    }
}

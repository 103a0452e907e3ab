//! The way from a low score to a complaint: a link to the hosted form that says of which response.

use domain::UtcMs;

use super::LINK_MS;
use crate::sealed::{open, seal};

/// The path of the form, with what was sealed.
pub fn path(secret: &str, site_id: &str, response_id: &str, now: UtcMs) -> String {
    let until = ((now + LINK_MS) / 1000).to_string();
    format!("/c/{site_id}?offer={}", seal(secret, "offer", &[site_id, response_id, &until]))
}

/// The response that an offer is about, if it is one of this site and still good.
///
/// Whoever opens a case with it names it `response:rsp_…`, so that there is one case of each.
pub fn response(secret: &str, site_id: &str, token: &str, now: UtcMs) -> Option<String> {
    let fields = open(secret, "offer", token)?;
    let [site, response_id, until] = <[String; 3]>::try_from(fields).ok()?;
    let until: i64 = until.parse().ok()?;
    (site == site_id && now / 1000 < until).then_some(response_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_opens_the_form_of_its_site_for_a_while() {
        let path = path("s", "sit_1", "rsp_1", 5_000);
        let token = path.strip_prefix("/c/sit_1?offer=").unwrap();
        assert_eq!(response("s", "sit_1", token, 5_000).as_deref(), Some("rsp_1"));
        assert_eq!(response("s", "sit_2", token, 5_000), None);
        assert_eq!(response("t", "sit_1", token, 5_000), None);
        assert_eq!(response("s", "sit_1", token, 5_000 + LINK_MS), None);
    }
}

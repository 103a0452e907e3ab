//! Links to a survey: sealed, so that nobody makes one but us, and kept nowhere.

use domain::UtcMs;
use web::Request;

pub use crate::intake::guard::secret;
use crate::sealed::seal;

/// What a link says.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The survey.
    pub survey_id: &'a str,
    /// What tells it from every other link; the response through it is named by it.
    pub nonce: &'a str,
    /// Until when it opens the survey.
    pub expires_at: UtcMs,
    /// Whether it takes one response alone.
    pub is_single_use: bool,
    /// Whose it is; empty if it is anybody's.
    pub customer_id: &'a str,
    /// Their group.
    pub group: &'a str,
    /// The language to ask in; empty for whatever their browser says.
    pub language: &'a str,
    /// The invitation that it belongs to; empty for none.
    pub invitation_id: &'a str,
}

impl Link<'_> {
    /// Its address at an origin.
    pub fn url(&self, secret: &str, origin: &str) -> String {
        let expires_s = (self.expires_at / 1000).to_string();
        let fields = [
            self.survey_id,
            self.nonce,
            &expires_s,
            if self.is_single_use { "1" } else { "" },
            self.customer_id,
            self.group,
            self.language,
            self.invitation_id,
        ];
        format!("{origin}/s/{}?l={}", self.survey_id, seal(secret, "link", &fields))
    }
}

/// The origin that a request came to, as the outside sees it: of a neighbour's, the one that the
/// neighbour was asked at.
pub fn origin(request: &Request) -> String {
    let asked = request.header("x-forwarded-host").filter(|_| request.is_neighbour());
    let host = asked.unwrap_or(&request.authority);
    format!("{}://{host}", if request.is_tls() { "https" } else { "http" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_neighbour_says_where_links_lead() {
        let origin_of = |peers: &[&str]| {
            let mut headers = vec![("x-forwarded-host".to_owned(), b"evil.example".to_vec())];
            for it in peers {
                headers.push(("spin-client-addr".to_owned(), it.as_bytes().to_vec()));
            }
            let (method, host) = (http::Method::GET, "form.spin.internal");
            origin(&Request::new(method, "/", host, headers, Ok(Vec::new())))
        };
        assert_eq!(origin_of(&["0.0.0.0:0"]), "http://evil.example", "as the neighbour was asked");
        for outside in [&[][..], &["6.6.6.6:666"], &["0.0.0.0:0", "6.6.6.6:666"]] {
            assert_eq!(origin_of(outside), "http://form.spin.internal");
        }
    }
}

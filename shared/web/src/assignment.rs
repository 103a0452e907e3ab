//! The policy of assignment: which department a case goes to, and which skills it wants.
//!
//! ```json
//! { "is_automatic": true, "routes": [
//!   { "type": "safety", "department_id": "dep_…", "skills": ["safety"] },
//!   { "need": "product", "touchpoint_id": "tch_…", "department_id": "dep_…" } ] }
//! ```
//!
//! The first route whose `type`, `need` and `touchpoint_id`, as far as they are given, are the
//! case's is taken; a case without one is anybody's.

use domain::case::Need;

use crate::field::Fields;
use crate::lang::{Said, said};

/// Most routes of a site.
const ROUTES_MAX: usize = 200;
/// Most skills that a route wants.
const SKILLS_MAX: usize = 10;

/// Who gets cases.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Whether cases are given to people, and not only to departments.
    pub is_automatic: bool,
    /// In their order.
    pub routes: Vec<Route>,
}

/// Where some cases go.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// Of this type; empty for each.
    pub type_id: String,
    /// Of this need; empty for each.
    pub need: String,
    /// At this touchpoint; empty for each.
    pub touchpoint_id: String,
    /// The responsible department; empty for none.
    pub department_id: String,
    /// Tags that whoever gets it should have.
    pub skills: Vec<String>,
}

impl Default for Assignment {
    fn default() -> Assignment {
        Assignment { is_automatic: true, routes: Vec::new() }
    }
}

impl Assignment {
    /// Reads the policy; what is wrong stands in `fields` afterwards. Whether departments and
    /// touchpoints exist is for the caller to look up.
    pub fn read(fields: &mut Fields) -> Assignment {
        let is_automatic = fields.flag("is_automatic", true);
        let mut routes = Vec::new();
        for mut it in fields.objects("routes", 0, ROUTES_MAX) {
            let tag = |it: &str| domain::text::clean(it, 1, 40).is_ok_and(|clean| clean == it);
            routes.push(Route {
                type_id: it.text("type", 0, 40, ""),
                need: it.one_of_or_none("need", &Need::NAMES, ""),
                touchpoint_id: it.text("touchpoint_id", 0, 64, ""),
                department_id: it.text("department_id", 0, 64, ""),
                skills: it.texts("skills", SKILLS_MAX, tag, &tag_rule).unwrap_or_default(),
            });
            fields.absorb(it);
        }
        Assignment { is_automatic, routes }
    }

    /// Where a case goes.
    pub fn route(&self, type_id: &str, need: &str, touchpoint_id: &str) -> Option<&Route> {
        let is = |wanted: &str, has: &str| wanted.is_empty() || wanted == has;
        self.routes.iter().find(|it| {
            is(&it.type_id, type_id) && is(&it.need, need) && is(&it.touchpoint_id, touchpoint_id)
        })
    }
}

fn tag_rule() -> Said {
    said("must be a tag of 1 to 40 characters", "须为 1 到 40 个字符的标签")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view;

    #[test]
    fn the_first_route_that_fits_is_taken() {
        let text = r#"{ "routes": [
            { "type": "safety", "department_id": "dep_1", "skills": ["fire"] },
            { "need": "product", "touchpoint_id": "tch_1", "department_id": "dep_2" },
            { "department_id": "dep_3" } ] }"#;
        let mut fields = Fields::new(view::object(text).unwrap());
        let policy = Assignment::read(&mut fields);
        fields.done().unwrap();
        let to = |type_id, need, touchpoint| {
            policy.route(type_id, need, touchpoint).map(|it| it.department_id.as_str())
        };
        assert_eq!(to("safety", "product", "tch_1"), Some("dep_1"));
        assert_eq!(to("billing", "product", "tch_1"), Some("dep_2"));
        assert_eq!(to("billing", "product", "tch_2"), Some("dep_3"));
        assert!(policy.is_automatic);
        assert!(Assignment::default().route("safety", "", "").is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let text =
            r#"{ "is_automatic": 1, "routes": [{ "need": "money", "skills": [""] }], "x": 1 }"#;
        let mut fields = Fields::new(view::object(text).unwrap());
        Assignment::read(&mut fields);
        let problem = fields.done().unwrap_err();
        assert_eq!(problem.mistakes.len(), 4, "{problem:?}");
    }
}

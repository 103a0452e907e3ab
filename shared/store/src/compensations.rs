//! What customers get for what went wrong: table `compensation`.

use ports::{Cells, Query, Statement};

use crate::cases::theirs;
use crate::{all, statement};

/// One row of `compensation`.
#[derive(Clone, Debug, Default)]
pub struct Compensation {
    /// `cpn_…`.
    pub id: String,
    /// The site.
    pub site_id: String,
    /// The case.
    pub case_id: String,
    /// What no other of the case has.
    pub once: String,
    /// `coupon` or `refund`.
    pub kind: String,
    /// In the smallest unit of the currency.
    pub amount: i64,
    /// A code of ISO 4217.
    pub currency: String,
    /// A coupon's code, or another system's name for the refund; empty for none.
    pub reference: String,
    /// Who gave it.
    pub actor: String,
    /// When.
    pub at: i64,
}

/// Gives one. Yields no row when it was given before, or when all of the case would then come to
/// more than `limit` in its currency; nothing for no limit.
pub fn give(it: &Compensation, limit: Option<i64>) -> Statement {
    statement!(
        "insert into compensation (id, site_id, case_id, once, kind, amount, currency, reference,
           actor, created_at_ms)
         select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
         where ?11 is null or ?6 + (
           select coalesce(sum(amount), 0) from compensation
           where case_id = ?3 and currency = ?7) <= ?11
         on conflict do nothing
         returning id",
        &it.id,
        &it.site_id,
        &it.case_id,
        &it.once,
        &it.kind,
        it.amount,
        &it.currency,
        &it.reference,
        &it.actor,
        it.at,
        limit,
    )
}

/// All of a case, oldest first.
pub fn of_case(case_id: &str) -> Query<Vec<Compensation>> {
    Query {
        statement: statement!(
            "select id, site_id, case_id, once, kind, amount, currency, reference, actor,
               created_at_ms
             from compensation where case_id = ?1 order by id",
            case_id
        ),
        decode: |rows| all(rows, read),
    }
}

/// Forgets the codes and the names in other systems of what a customer got; amounts stay.
pub fn erase(customer_id: &str) -> Statement {
    statement!(
        concat!(
            "update compensation set reference = '', once = id
         where case_id in (",
            theirs!(),
            ")"
        ),
        customer_id
    )
}

fn read(row: &mut Cells) -> Compensation {
    Compensation {
        id: row.text(),
        site_id: row.text(),
        case_id: row.text(),
        once: row.text(),
        kind: row.text(),
        amount: row.integer(),
        currency: row.text(),
        reference: row.text(),
        actor: row.text(),
        at: row.integer(),
    }
}

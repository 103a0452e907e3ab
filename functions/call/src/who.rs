//! Who calls: the agent whose key it is, or whom a manager names.

use app::auth::{self, Staff};
use domain::role::Role;
use ports::{Env, Sql};
use store::Entity;
use store::agents::Agent;
use web::field::Fields;
use web::lang::said;
use web::{Problem, Request};

/// Who calls.
pub(crate) struct Who {
    /// Whoever sends the request.
    pub by: Staff,
    /// What they may.
    pub role: Role,
    /// The agent.
    pub agent: Agent,
}

impl Who {
    /// Whether they may do something to a call that this agent has in their hands.
    pub(crate) fn may_touch(&self, agent_id: &str) -> bool {
        agent_id == self.agent.id || Role::Manager <= self.role
    }
}

/// Lets in whoever works on cases.
pub(crate) async fn let_in(env: &impl Env, request: &Request) -> Result<(Staff, Role), Problem> {
    let (agent, role) = auth::agent_as(env, request).await?;
    Ok((Staff::clone(&agent), role))
}

/// Who of them calls, by `agent_id` of the body, where nothing else may be left.
pub(crate) async fn named(
    env: &impl Env,
    (by, role): (Staff, Role),
    mut fields: Fields,
) -> Result<Who, Problem> {
    let mut id = fields.text("agent_id", 0, 64, &by.agent_id);
    if id.is_empty() {
        id.clone_from(&by.agent_id);
    }
    if id.is_empty() {
        let rule = said(
            "this key is no agent's: a manager names one, others use a key of their own",
            "此密钥不属于任何员工：经理须指明员工，其他人请使用本人的密钥",
        );
        fields.refuse("agent_id", rule);
    } else if id != by.agent_id && role < Role::Manager {
        let rule = said("must be you: this needs a manager", "须为本人：为他人操作需经理权限");
        fields.refuse("agent_id", rule);
    }
    let found = env.sql().fetch(Agent::by_id(&by.site_id, &id)).await?;
    if found.is_none() && !id.is_empty() {
        fields.refuse("agent_id", said("must be the id of an agent", "须为已有员工的编号"));
    }
    fields.done()?;
    found.map(|agent| Who { by, role, agent }).ok_or_else(Problem::not_found)
}

/// The same, of a request that says nothing but that.
pub(crate) async fn who(env: &impl Env, request: &Request) -> Result<Who, Problem> {
    let who = let_in(env, request).await?;
    request.no_query()?;
    named(env, who, request.fields_or_none()?).await
}

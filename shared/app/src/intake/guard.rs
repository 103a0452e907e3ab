//! What stands before a submission: limits of the rate, the trap, the age of the form, the proof
//! of work. What can be judged alone is judged here, and the statement settles the rest.

use base64ct::{Base64, Encoding};
use domain::rate::{self, Network, Policy};
use domain::screen::Reason;
use domain::spam::{self, Form, Means, Mode, Verdict, judge};
use domain::{UtcMs, civil};
use http::header::CACHE_CONTROL;
use http::{HeaderName, HeaderValue};
use ports::{Env, Sql, Write};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::visits;
use web::lang::{said, said_now};
use web::{Kind, Problem, Request, Response, view};

use crate::response::{Claims, Draft, Refused};
use crate::sealed;

/// What a form token is sealed for.
const FORM: &str = "form";
/// What links are sealed for.
const LINK: &str = "link";
/// What challenges are signed for.
const CHALLENGE: &str = "challenge";
/// What addresses are hashed for.
const ADDRESS: &str = "address";
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// More than anybody sends: no limit.
const UNLIMITED: i64 = 1 << 52;
/// The longest proof that is looked at.
const PROOF_BYTES_MAX: usize = 2_000;

/// The settings, and whose call it is.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    policy: Policy,
    means: Means,
    secret: String,
    /// A keyed hash of the address and the day; empty if it is unknown or not limited.
    who: String,
    can_prove: bool,
}

/// What a body says to get past.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    /// What stands in the field that people do not see.
    pub trap: String,
    /// When the form was given out, sealed.
    pub form_token: String,
    /// A proof of work.
    pub proof: String,
}

/// What a complaint that may come in is counted by, and what it spends.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    limits: String,
    is_counted: bool,
    proof: Option<(String, i64)>,
}

impl Passed {
    /// The statements that count it. Both hold back the commit that they are in.
    pub fn writes(&self, site_id: &str, subject: &str) -> Vec<Write> {
        let mut writes = Vec::with_capacity(2);
        if self.is_counted {
            writes.push(visits::count(site_id, &self.limits).guarded());
        }
        if let Some((hash, until_s)) = &self.proof {
            writes.push(visits::spend(hash, *until_s, subject).guarded());
        }
        writes
    }
}

impl Passed {
    /// Whether a commit with its writes would be held back because of them.
    pub async fn is_held_back(&self, env: &impl Env, site_id: &str) -> Result<bool, Problem> {
        Ok(self.full(env, site_id).await?.is_some())
    }

    /// Who of the limits is full, and how many came; nobody for a proof that was used.
    async fn full(&self, env: &impl Env, site_id: &str) -> Result<Option<(String, i64)>, Problem> {
        let proof = self.proof.as_ref().map_or("", |it| it.0.as_str());
        Ok(env.sql().fetch(visits::held_back(site_id, &self.limits, proof)).await?)
    }

    /// As JSON, for another component of ours.
    pub fn show(&self) -> Value {
        let (hash, until_s) = self.proof.clone().unwrap_or_default();
        json!([self.limits, self.is_counted, hash, until_s])
    }

    /// Reads what `show` made.
    pub fn read(told: &Value) -> Passed {
        let text = |at: usize| told.get(at).and_then(Value::as_str).unwrap_or("").to_owned();
        let (limits, hash) = (text(0), text(2));
        let until_s = told.get(3).and_then(Value::as_i64).unwrap_or(0);
        Passed {
            // An empty text is no JSON, and the statement reads it.
            limits: if limits.is_empty() { "[]".to_owned() } else { limits },
            is_counted: told.get(1).and_then(Value::as_bool).unwrap_or(false),
            proof: (!hash.is_empty()).then_some((hash, until_s)),
        }
    }
}

/// What a personal link says, or one that anybody may hold.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// Names it.
    pub nonce: String,
    /// Until when it holds.
    pub expires_at: UtcMs,
    /// Whether it holds once.
    pub is_single_use: bool,
    /// Whose it is; empty for anybody's.
    pub customer_id: String,
    /// The customer's group; empty if not known.
    pub group: String,
    /// The customer's language; empty if not known.
    pub language: String,
}

/// What a form needs to know before it is sent.
#[derive(Clone, Debug)]
pub struct Needs {
    /// Tells when the form was given out.
    pub form_token: String,
    /// The means that are used.
    pub means: Means,
}

impl Guard {
    /// Of the call of a visitor. `can_prove` is not so where no script can run.
    pub async fn of(env: &impl Env, request: &Request, can_prove: bool) -> Result<Guard, Problem> {
        let policy = match env.setting("rate_limit").await {
            Some(text) => Policy::parse(&text).ok_or_else(|| misset("rate_limit"))?,
            None => Policy::default(),
        };
        let means = means(env).await?;
        let mut guard = Guard { policy, means, can_prove, ..Guard::default() };
        if policy.address.is_none() && means.is_off() {
            // A link may need it, and is refused without.
            guard.secret = env.setting("secret_key").await.unwrap_or_default();
            return Ok(guard);
        }
        guard.secret = secret(env).await?;
        if policy.address.is_some() {
            let trusted = env.setting("trusted_proxies").await.unwrap_or_default();
            let trusted = Network::parse_all(&trusted).ok_or_else(|| misset("trusted_proxies"))?;
            // The host appends its own after those that a client made up.
            let peer = request.last_header("spin-client-addr").unwrap_or("");
            let forwarded = request.joined_header("x-forwarded-for");
            if let Some(address) = rate::client(peer, &forwarded, &trusted) {
                let day = env.now().div_euclid(civil::DAY_MS);
                let address = format!("{day}\0{}", rate::counted(address));
                let mut who = sealed::digest(&guard.secret, ADDRESS, &address);
                who.truncate(32);
                guard.who = who;
            }
        }
        Ok(guard)
    }

    /// What its rows use of the statement.
    pub fn uses(&self) -> i64 {
        let is_limited = self.policy != Policy::default() || self.means.proof != Mode::Off;
        if is_limited { store::responses::LIMITS } else { 0 }
    }

    /// Judges a submission to a survey. What it claims is settled by the statement.
    pub fn admit(
        &self,
        survey_id: &str,
        draft: &mut Draft,
        pass: &Pass,
        now: UtcMs,
    ) -> Result<Claims, Problem> {
        let (is_screened, proof) = self.judged(survey_id, pass, now)?;
        if is_screened {
            draft.screened.push(Reason::Spam);
        }
        let visit = self.visit(proof.is_some(), now);
        Ok(Claims { visit, proof, ..Claims::default() })
    }

    /// Whether what is handed in is kept out of sight, and what proves some work.
    fn judged(
        &self,
        of: &str,
        pass: &Pass,
        now: UtcMs,
    ) -> Result<(bool, Option<(String, i64)>), Problem> {
        let form = match self.means.age {
            Mode::Off => Form::Unknown,
            Mode::On | Mode::Suspicion => self.form(of, &pass.form_token, now),
        };
        let proof = match self.means.proof {
            Mode::On | Mode::Suspicion => self.proof(&pass.proof, now),
            Mode::Off => None,
        };
        let is_trapped = !pass.trap.is_empty();
        match judge(self.means, is_trapped, form, proof.is_some(), self.can_prove) {
            Verdict::Take => Ok((false, proof)),
            Verdict::Screen => Ok((true, proof)),
            Verdict::RefuseForm => Err(refused_form(form)),
            Verdict::AskProof => Err(ask_proof(of)),
        }
    }

    /// Judges a complaint to a site. A robot is told that it is one: were it a person, what they
    /// wrote would be lost without a word.
    pub fn admit_case(&self, site_id: &str, pass: &Pass, now: UtcMs) -> Result<Passed, Problem> {
        let (is_screened, proof) = self.judged(site_id, pass, now)?;
        if is_screened {
            return Err(Problem::new(Kind::FormToken)
                .with(said("leave the field website empty", "请将 website 字段留空")));
        }
        Ok(self.passed(proof, now))
    }

    /// What somebody who may hand something in is counted by.
    pub fn passed(&self, proof: Option<(String, i64)>, now: UtcMs) -> Passed {
        let mut limits = Vec::new();
        if let Some(limit) = self.policy.address.filter(|_| !self.who.is_empty()) {
            let is_less = self.must_prove(proof.is_some());
            let most = if is_less { limit.unproven() } else { limit.most };
            limits.push(json!([format!("c:{}", self.who), limit.ends(now), most]));
        }
        if let Some(limit) = self.policy.site {
            limits.push(json!(["c:", limit.ends(now), limit.most]));
        }
        Passed { limits: view::text(&limits), is_counted: !limits.is_empty(), proof }
    }

    /// Why a commit with the writes of `passed` was held back, if it was because of them.
    pub async fn held_back(
        &self,
        env: &impl Env,
        site_id: &str,
        passed: &Passed,
    ) -> Result<Option<Problem>, Problem> {
        let Some((who, n)) = passed.full(env, site_id).await? else { return Ok(None) };
        if who.is_empty() {
            return Ok(Some(ask_proof(site_id)));
        }
        let (of_address, of_site) = if who == "c:" { (0, n) } else { (n, 0) };
        Ok(Some(self.refused_for(site_id, of_address, of_site, env.now())))
    }

    /// By whom a row is, and how many there may be.
    fn visit(&self, is_proven: bool, now: UtcMs) -> Value {
        if self.uses() == 0 {
            return Value::Null;
        }
        let (mut ends, mut most) = (0, UNLIMITED);
        if let Some(limit) = self.policy.address.filter(|_| !self.who.is_empty()) {
            ends = limit.ends(now);
            most = if self.must_prove(is_proven) { limit.unproven() } else { limit.most };
        }
        let site = self.policy.site;
        let site_ends = site.map_or(0, |it| it.ends(now));
        json!([self.who, ends, most, site_ends, site.map_or(UNLIMITED, |it| it.most)])
    }

    fn must_prove(&self, is_proven: bool) -> bool {
        self.can_prove && !is_proven && self.means.proof == Mode::Suspicion
    }

    /// The limits of saving what is not whole yet: who, until when and how many.
    pub fn partial_limits(&self, now: UtcMs) -> Value {
        self.limits("p:", now)
    }

    /// The limits of telling displays.
    pub fn display_limits(&self, now: UtcMs) -> Value {
        self.limits("d:", now)
    }

    /// Those of something that has counters of its own.
    fn limits(&self, counters: &str, now: UtcMs) -> Value {
        let mut limits = Vec::new();
        if let Some(limit) = self.policy.address.filter(|_| !self.who.is_empty()) {
            limits.push(json!([format!("{counters}{}", self.who), limit.ends(now), limit.most]));
        }
        if let Some(limit) = self.policy.site {
            limits.push(json!([counters, limit.ends(now), limit.most]));
        }
        Value::Array(limits)
    }

    /// Refuses a form that we never gave out.
    pub fn check_form(&self, survey_id: &str, pass: &Pass, now: UtcMs) -> Result<(), Problem> {
        if self.means.age == Mode::Off {
            return Ok(());
        }
        match self.form(survey_id, &pass.form_token, now) {
            Form::Forged => Err(refused_form(Form::Forged)),
            _ => Ok(()),
        }
    }

    /// Why the statement did not take a row.
    pub fn refused(&self, survey_id: &str, it: &Refused, now: UtcMs) -> Problem {
        self.refused_for(survey_id, it.of_address, it.of_site, now)
    }

    fn refused_for(&self, of: &str, of_address: i64, of_site: i64, now: UtcMs) -> Problem {
        self.over(of_address, of_site, now).unwrap_or_else(|| ask_proof(of))
    }

    /// What to say to somebody who sends too many.
    pub fn too_many(&self, now: UtcMs) -> Problem {
        let problem = self.over(i64::MAX, i64::MAX, now);
        problem.unwrap_or_else(|| Problem::new(Kind::TooManyRequests))
    }

    fn over(&self, of_address: i64, of_site: i64, now: UtcMs) -> Option<Problem> {
        let limits =
            [("address", self.policy.address, of_address), ("site", self.policy.site, of_site)];
        for (name, limit, found) in limits {
            let Some(limit) = limit.filter(|limit| limit.most <= found) else { continue };
            let left = (limit.ends(now) - now.div_euclid(1000)).max(1);
            let mut problem = Problem::new(Kind::TooManyRequests).with(said_now(
                format!("come back in {left} seconds"),
                format!("请在 {left} 秒后重试"),
            ));
            problem.retry_after_s = u32::try_from(left).ok();
            let policy = format!("\"{name}\";q={};w={}", limit.most, limit.seconds);
            let state = format!("\"{name}\";r=0;t={left}");
            for (name, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, state)] {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    problem.headers.insert(name, value);
                }
            }
            return Some(problem);
        }
        None
    }

    /// What a token says that was sealed for a link to a survey.
    pub fn link(&self, survey_id: &str, token: &str) -> Option<Link> {
        if self.secret.is_empty() {
            return None;
        }
        let mut fields = sealed::open(&self.secret, LINK, token)?.into_iter();
        let mut next = || fields.next();
        if next()? != survey_id {
            return None;
        }
        Some(Link {
            nonce: next()?,
            expires_at: next()?.parse::<i64>().ok()?.saturating_mul(1000),
            is_single_use: next()? == "1",
            customer_id: next()?,
            group: next()?,
            language: next()?,
        })
    }

    fn form(&self, survey_id: &str, token: &str, now: UtcMs) -> Form {
        if token.is_empty() {
            return Form::Unknown;
        }
        let fields = sealed::open(&self.secret, FORM, token).unwrap_or_default();
        match fields.as_slice() {
            [of, issued] if of == survey_id => {
                issued.parse::<UtcMs>().map_or(Form::Forged, |it| Form::of(it, now))
            }
            _ => Form::Forged,
        }
    }

    /// The hash of a proof of ours that still holds, and the second at which it runs out.
    fn proof(&self, proof: &str, now: UtcMs) -> Option<(String, i64)> {
        if proof.is_empty() || PROOF_BYTES_MAX < proof.len() {
            return None;
        }
        let json = String::from_utf8(Base64::decode_vec(proof).ok()?).ok()?;
        let members = view::object(&json)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let (challenge, salt) = (text("challenge")?, text("salt")?);
        let number = members.get("number").and_then(Value::as_u64)?;
        let expires = salt.strip_suffix('&')?.split_once("?expires=")?.1.parse::<i64>().ok()?;
        let is_ours = text("algorithm") == Some(ALGORITHM)
            && now.div_euclid(1000) < expires
            && challenge == challenge_of(salt, number)
            && is_signature(&self.secret, challenge, text("signature")?);
        is_ours.then(|| (challenge.to_owned(), expires))
    }
}

/// The algorithm of challenges.
const ALGORITHM: &str = "SHA-256";

/// Answers with a challenge as in the ALTCHA scheme: find the number that, after the salt, has
/// this hash. It holds no secret and nothing of whom it is asked of, so every page may have one.
pub async fn challenge(
    env: &impl Env,
    request: &Request,
    of: domain::id::Kind,
    id: &str,
) -> Result<Response, Problem> {
    request.no_query()?;
    if !id.starts_with(of.prefix()) {
        return Err(Problem::not_found());
    }
    let secret = secret(env).await?;
    let expires = (env.now() + spam::CHALLENGE_MS).div_euclid(1000);
    // It ends with a sign that is no digit: otherwise digits of the number could be moved into
    // the time, and a proof used again.
    let salt = format!("{}?expires={expires}&", domain::id::hex(&env.random()));
    let [a, b, c, d, ..] = env.random();
    let number = u32::from_be_bytes([a, b, c, d]) % (spam::NUMBER_MAX + 1);
    let challenge = challenge_of(&salt, u64::from(number));
    let signature = sealed::digest(&secret, CHALLENGE, &challenge);
    let mut response = web::ok(&json!({
        "algorithm": ALGORITHM,
        "challenge": challenge,
        "maxnumber": spam::NUMBER_MAX,
        "salt": salt,
        "signature": signature,
    }))?;
    web::response::set(&mut response, CACHE_CONTROL, "no-store");
    Ok(response)
}

fn challenge_of(salt: &str, number: u64) -> String {
    domain::id::hex(&Sha256::digest(format!("{salt}{number}")))
}

fn is_signature(secret: &str, challenge: &str, signature: &str) -> bool {
    let ours = sealed::digest(secret, CHALLENGE, challenge);
    domain::id::is_same(&ours, signature)
}

/// What a form of this survey needs; nothing where no means is used.
pub async fn needs(env: &impl Env, survey_id: &str) -> Result<Option<Needs>, Problem> {
    let means = means(env).await?;
    if means.is_off() {
        return Ok(None);
    }
    let form_token = form_token(&secret(env).await?, survey_id, env.now());
    Ok(Some(Needs { form_token, means }))
}

/// A token that tells when a form was given out, to the second.
pub fn form_token(secret: &str, survey_id: &str, at: UtcMs) -> String {
    let second = at - at.rem_euclid(1000);
    sealed::seal(secret, FORM, &[survey_id, &second.to_string()])
}

/// Where challenges for a survey, or for what is handed in at a site, are given out. Of a site
/// alone it is complaints; whatever else it is stands behind it, as in `sit_…/callbacks`.
pub fn challenge_path(of: &str) -> String {
    match (of.starts_with("sit_"), of.contains('/')) {
        (true, true) => format!("/v1/sites/{of}/challenge"),
        (true, false) => format!("/v1/sites/{of}/complaints/challenge"),
        _ => format!("/v1/surveys/{of}/challenge"),
    }
}

async fn means(env: &impl Env) -> Result<Means, Problem> {
    match env.setting("spam").await {
        Some(text) => Means::parse(&text).ok_or_else(|| misset("spam")),
        None => Ok(Means::default()),
    }
}

/// The secret under which tokens are sealed.
pub async fn secret(env: &impl Env) -> Result<String, Problem> {
    let secret = env.setting("secret_key").await.filter(|it| !it.is_empty());
    secret.ok_or_else(|| misset("secret_key"))
}

fn misset(name: &str) -> Problem {
    Problem::new(Kind::Internal).caused_by(format!("the setting {name} cannot be read"))
}

fn refused_form(form: Form) -> Problem {
    Problem::new(Kind::FormToken).with(match form {
        Form::Young => said("wait two seconds and send it again", "请稍候两秒再提交"),
        _ => said(
            "get the form again and send its form_token",
            "请重新获取表单，并带上其中的 form_token",
        ),
    })
}

/// Asks for a proof of work, and says where challenges are.
pub fn ask_proof(survey_id: &str) -> Problem {
    let path = challenge_path(survey_id);
    let mut problem = Problem::new(Kind::ProofNeeded).with(said_now(
        format!("solve a challenge of {path} and send it as proof, with the same key"),
        format!("请解答 {path} 给出的题目，作为 proof 以同一 key 重新提交"),
    ));
    problem.extra = Some(("challenge", path.into()));
    problem
}

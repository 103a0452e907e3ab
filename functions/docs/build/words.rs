//! What the pages say themselves, in both languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A language of the pages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    En,
    Zh,
}

impl Lang {
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }

    pub(crate) const fn of<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

/// Who may call an operation: the word of the contract, English, Chinese.
const WHO: [(&str, &str, &str); 13] = [
    ("viewer", "a key of the role viewer or above", "角色为查看者及以上的密钥"),
    ("agent", "a key of the role agent or above", "角色为客服及以上的密钥"),
    ("manager", "a key of the role manager or above", "角色为经理及以上的密钥"),
    ("admin", "a key of the role admin", "角色为管理员的密钥"),
    ("owner", "the admin key alone", "仅管理密钥（admin key）"),
    ("holder", "any secret key, of what is its own", "任意私密密钥，仅限其自身的内容"),
    ("publishable", "a publishable key, from a listed origin", "公开密钥，且来自登记过的来源"),
    ("link", "whoever knows the secret address", "持有私密链接者"),
    ("source", "another system, by what it signs", "其他系统，凭其签名"),
    ("tick", "the tick key", "定时任务密钥（tick key）"),
    ("metrics", "the metrics key", "指标密钥（metrics key）"),
    ("client", "clients of the compatible interface", "兼容接口的客户端"),
    ("anybody", "anybody", "任何人"),
];

/// What the contract says in English, and what it is in Chinese.
static CHINESE: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("zh.json")).unwrap_or_default());

/// What there is to know before the first call.
pub(crate) const INTRODUCTION: [(&str, &str); 7] = [
    (
        "Bodies are JSON in snake_case, times are RFC 3339, and an id carries a prefix that names \
         its kind. A member or parameter that is not told of here is refused by name; one that is \
         null is empty, which clears what may be empty.",
        "请求与应答的正文均为 JSON，字段名用 snake_case，时间遵循 RFC 3339，id 的前缀表明其种类。\
         此处未列出的字段或参数会被指名拒绝；值为 null 即为空，可用于清空允许为空的字段。",
    ),
    (
        "Sign in with Authorization: Bearer and a key. A secret key (sk_…) belongs to one site and \
         has a role: viewer, agent, manager or admin, each of which may do what those before it \
         may. A publishable key (pk_…) may stand in a web page. The admin key spans all sites and \
         names one as ?site=sit_….",
        "用 Authorization: Bearer 加密钥登录。私密密钥（sk_…）属于一个站点并有一个角色：查看者、客服、\
         经理或管理员，后者可做前者能做的一切。公开密钥（pk_…）可以放在网页里。管理密钥跨所有站点，\
         须以 ?site=sit_… 指明站点。",
    ),
    (
        "A failure is application/problem+json (RFC 9457) with every mistake at once; branch on \
         its type. 429 and 503 tell in Retry-After how many seconds to wait.",
        "失败以 application/problem+json（RFC 9457）应答，一次列出全部错误，请按 type 判断。\
         429 与 503 用 Retry-After 给出应等待的秒数。",
    ),
    (
        "Give each write an Idempotency-Key of your own, and repeat it with the same key and body \
         when no answer came. A change may name the version that it means with If-Match.",
        "每次写入请自带 Idempotency-Key；没有收到应答时，用相同的键和内容重试即可。\
         修改时可用 If-Match 指明所针对的版本。",
    ),
    (
        "Lists come page by page: give next back as after, until it is null. HEAD works wherever \
         GET does; any other method is refused with 405 and Allow.",
        "列表分页返回：把 next 作为 after 传回，直到其为 null。凡支持 GET 之处都支持 HEAD；\
         其他方法以 405 拒绝并给出 Allow。",
    ),
    (
        "Members may be added to answers and to events: ignore those that you do not know.",
        "应答与事件今后可能增加字段：请忽略不认识的字段。",
    ),
    (
        "The commands of these pages take HUIYIN_URL, the address of this server, and KEY, a \
         secret key, from the environment.",
        "各页的命令从环境变量读取 HUIYIN_URL（本服务器的地址）和 KEY（私密密钥）。",
    ),
];

/// Who may.
pub(crate) fn who(word: &str, lang: Lang) -> &str {
    WHO.iter().find(|it| it.0 == word).map_or(word, |it| lang.of(it.1, it.2))
}

/// A sentence of the contract, and the language that it is in then. A test fails if one of them has
/// no Chinese.
pub(crate) fn told(said: &str, lang: Lang) -> (&str, Lang) {
    match CHINESE.get(said).filter(|_| lang == Lang::Zh) {
        Some(chinese) => (chinese, Lang::Zh),
        None => (said, Lang::En),
    }
}

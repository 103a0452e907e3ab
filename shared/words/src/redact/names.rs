//! Names that the text announces: 姓名：, 我叫, 先生, Mr, my name is. No other name is known to be one.

use super::{PROVINCES, Scan};
use crate::fold::is_han;

/// Family names that are rarely anything else before a title or after 我叫.
const FAMILIES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕\
苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷\
钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐沿梅莫庄\
辛管祝左涂谷祁耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵\
解强柴华车冉房边净阴闫佘练骆付代麦容悦初瞿褚班全名井米谈宫虞奚佟符蒲穆漆卞";

/// Of these, words as well: no name begins with them unless something else says so.
const DOUBTFUL: &str =
    "于高方万安成全名向包解强华车容位边净阴初谈单路文关管盛任常温白左悦沿植代练司井米";

/// Family names of two characters.
const DOUBLES: [&str; 10] =
    ["欧阳", "司马", "上官", "诸葛", "司徒", "东方", "尉迟", "公孙", "慕容", "夏侯"];

/// A colon follows these, and then a name.
pub(super) const LABELS: [&str; 10] = [
    "姓名",
    "联系人",
    "收件人",
    "收货人",
    "投诉人",
    "反映人",
    "客户名",
    "寄件人",
    "办理人",
    "name",
];

/// What people write where a name is asked for.
const NO_NAMES: [&str; 8] = ["匿名", "保密", "不详", "未知", "未填", "无", "暂无", "没有"];

const TITLES: [&str; 4] = ["先生", "女士", "小姐", "太太"];

/// No given name ends a sentence's name with these: they begin what comes next.
const NEXT: &str =
    "的了是在有我你他她来去要想和从住电手说投反买昨今前购不，年于用也就到刚给对向被第";

impl Scan {
    /// Hides the name that is announced here, and keeps its announcement.
    pub(super) fn name(&mut self) -> bool {
        let found = if is_han(self.get(self.at)) {
            self.labelled().or_else(|| self.introduced()).or_else(|| self.titled())
        } else {
            self.labelled().or_else(|| self.english())
        };
        self.hide_found(found)
    }

    /// Hides a name with a title, where nothing else announces one.
    pub(super) fn titled_name(&mut self) -> bool {
        let found = self.titled();
        self.hide_found(found)
    }

    fn hide_found(&mut self, found: Option<(usize, usize)>) -> bool {
        let Some((from, to)) = found else {
            return false;
        };
        self.keep_to(from);
        self.hide_to(to, "[name]");
        true
    }

    fn is_family(&self, at: usize) -> bool {
        FAMILIES.contains(self.get(at))
    }

    fn is_sure_family(&self, at: usize) -> bool {
        self.is_family(at) && !DOUBTFUL.contains(self.get(at))
    }

    /// How many characters the family name at `at` has; 0 if there is none.
    fn family(&self, at: usize) -> usize {
        match DOUBLES.iter().any(|it| self.starts(at, it)) {
            true => 2,
            false => usize::from(self.is_sure_family(at)),
        }
    }

    /// Where the name ends whose family name has `family` characters.
    fn given(&self, at: usize, family: usize) -> usize {
        let first = at + family;
        let is_given = |at: usize| {
            let is_plate = PROVINCES.contains(self.get(at)) && self.get(at + 1).is_ascii_graphic();
            is_han(self.get(at)) && !is_plate && !NEXT.contains(self.get(at))
        };
        if !is_given(first) {
            return at;
        }
        first + 1 + usize::from(is_given(first + 1))
    }

    fn labelled(&self) -> Option<(usize, usize)> {
        let label = LABELS.iter().find(|it| self.announces(it))?;
        let colon = self.run(self.at + label.chars().count(), |it| it == ' ');
        if self.get(colon) != ':' {
            return None;
        }
        let from = self.run(colon + 1, |it| it == ' ');
        let to = self.run(from, |it| is_han(it) || it == '·');
        let is_none = NO_NAMES.iter().any(|it| self.starts(from, it));
        match to - from {
            0 => self.capitals(from, 3).map(|to| (from, to)),
            _ if is_none || self.get(to) == ':' => None,
            2..=4 => Some((from, to)),
            _ if self.chars.get(from..to)?.contains(&'·') => Some((from, to)),
            1 if self.is_family(from) => Some((from, to)),
            _ => match self.family(from) {
                0 => None,
                family => Some((from, self.given(from, family))).filter(|(from, to)| from < to),
            },
        }
    }

    /// 我叫 with a name, 我姓 with a family name.
    fn introduced(&self) -> Option<(usize, usize)> {
        let from = self.at + 2;
        if self.starts(self.at, "我姓") && self.is_family(from) {
            return Some((from, from + self.family(from).max(1)));
        }
        let is_introduced = self.starts(self.at, "我叫") || self.starts(self.at, "名叫");
        let family = self.family(from);
        let to = self.given(from, family);
        (is_introduced && 0 < family && from < to).then_some((from, to))
    }

    /// A family name, perhaps with a given one, before a title.
    fn titled(&self) -> Option<(usize, usize)> {
        let is_title = |at: usize| TITLES.iter().any(|it| self.starts(at, it));
        // Titles are rare, family names are not: asked first, for speed.
        if !(self.at + 1..=self.at + 4).any(is_title) {
            return None;
        }
        let family = self.family(self.at);
        let after = self.at + family.max(1);
        if self.is_family(self.at) && family == 0 {
            // 向女士 may be "to the lady": with a doubtful name only 我是 makes it sure.
            return (is_title(after) && self.out.ends_with("我是")).then_some((self.at, after));
        }
        let is_given = |count: usize| (after..after + count).all(|at| is_han(self.get(at)));
        let given = (0..=2).find(|it| is_title(after + it) && is_given(*it))?;
        (0 < family).then_some((self.at, after + given))
    }

    fn english(&self) -> Option<(usize, usize)> {
        for it in ["mr", "mrs", "ms", "miss", "dr", "prof"] {
            let to = self.at + it.len();
            // As in Mr; MS and mr are other things.
            let is_title = self.announces(it)
                && self.get(self.at).is_ascii_uppercase()
                && self.get(self.at + 1).is_ascii_lowercase();
            if is_title {
                let from = self.run(to, |it| it == '.' || it == ' ');
                let is_apart = to < from && from <= to + 2;
                return self.capitals(from, 2).filter(|_| is_apart).map(|to| (from, to));
            }
        }
        let said = "my name is ";
        let from = self.at + said.len();
        if self.starts(self.at, said) {
            return self.capitals(from, 3).map(|to| (from, to));
        }
        None
    }

    /// Where up to `most` words end that begin with a capital letter.
    fn capitals(&self, from: usize, most: usize) -> Option<usize> {
        let mut end = None;
        let mut at = from;
        for _ in 0..most {
            let to = self.run(at, |it| it.is_ascii_alphabetic() || it == '\'' || it == '-');
            // What follows with a @ or a digit is an account.
            let is_open = self.get(to) == '@' || self.digit(to).is_some();
            if !self.get(at).is_ascii_uppercase() || to < at + 2 || is_open {
                break;
            }
            end = Some(to);
            at = to + 1;
            if self.get(to) != ' ' {
                break;
            }
        }
        end
    }
}

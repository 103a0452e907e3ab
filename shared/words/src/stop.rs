//! Words that say nothing about a subject, in Chinese and English.
//!
//! Written for this project: function words, and the phrases that reviews and complaints open or
//! close with. Texts and not arrays of texts: half the size, and read only for few candidates.

/// Chinese function words and empty phrases of two characters to four.
const ZH: &str = "\
     一下 一个 一些 一共 一切 一天 一定 一定要 一年 一方面 一旦 一样 一样的 一次 一点 一直 一种 一般 一起 一边 上午 上去 上来 上次 上面 下午 下去 下来 下次 下面 \
     不了 不仅 不会 不但 不再 不到 不可 不同 不太 不如 不少 不得 不得不 不怎么 不怎么样 不想 不料 不是 不然 不用 不知 不知道 不管 不能 不要 不论 不过 与其 与否 \
     东西 两个 个人 个人觉得 个人认为 中午 为了 为什么 为何 为止 乃至 之一 之前 之后 之后再 之类 之间 也不 也会 也可以 也就 也是 也有 也没 也没有 买了 事情 于是 \
     人家 什么 什么时候 什么的 今天 今年 仍然 从不 从来 从而 他们 他们的 他的 他说 以上 以下 以为 以便 以免 以前 以及 以后 以来 以至 以致 任何 仿佛 会不会 似乎 \
     似的 但是 何况 作为 你们 你好 你的 你说 使用 例如 依然 假如 做了 偶尔 像是 全部 关于 关系 其中 其他 其它 其实 其次 再也 再来 再次 再说 况且 几个 几乎 几天 \
     几次 几点 出去 出来 刚刚 刚才 别人 到了 到底 前天 前面 办法 加上 加之 包括 十分 即使 原因 原本 原来 去了 去年 又一次 又不 又是 及其 及时地 反正 反而 发现 \
     变成 另外 只不过 只好 只得 只是 只有 只能 只要 可不可以 可以 可是 可能 可能是 各个 各位 各种 同时 后来 后面 否则 听到 听说 和我 咱们 哪个 哪里 回去 回来 \
     因为 因此 在于 在这里 在那里 地方 基本 基本上 外面 多了 多少 大家 大概 大约 太多 她们 好了 好像 好多 好象 如何 如果 它们 完了 完全 实在 对于 对我 尊敬的 \
     尤其 就不 就会 就像 就可以 就是 就算 就能 就要 就这样 尽管 居然 属于 左右 差不多 已经 希望 常常 平时 并不 并且 应该 建议 开始 当时 当然 往往 很多 必须 忽然 \
     怎么 怎么会 怎么办 怎么可能 怎么样 怎么能 怎样 总之 总体 总是 总的来说 总算 您好 情况 想到 想要 意思 感觉 成为 我也 我们 我们的 我在 我家 我就 我想 我是 我的 \
     我要 我说 我还 或是 或者 所以 所有 所谓 打算 把我 拜托 按照 接着 提出 整个 方面 旁边 无论 无论如何 早上 时候 时间 明天 昨天 是不是 是否 是的 显然 晚上 更加 \
     曾经 最后 最好 最终 有了 有些 有人 有时 有时候 有时间 有没有 有点 有的 本人 本来 本次 来了 来自 来说 极其 果然 某个 某些 样子 根据 根本 此外 此次 每个 每天 \
     每次 比如 比较 毕竟 没什么 没想到 没有 然后 然而 特别 现在 甚至 甚至于 用了 由于 的人 的时候 的是 的确 的话 目前 直接 相当 看了 看到 看来 看看 看着 真不 \
     真心 真是 真的 知道 确实 程度 究竟 突然 立刻 竟然 第一 第一次 第三 第二 等于 等等 等等等 简直 算了 算是 终于 经常 经过 结果 给了 给予 给我 继续 罢了 而且 \
     而已 而是 而言 能不能 能够 自己 自己的 至于 至少 虽然 表示 要是 觉得 觉得很 譬如 认为 让我 许多 说了 说明 说是 说的 请你们 请您 请问 谁的 谢谢 赶紧 起来 \
     越来越 跟我 过去 过来 还不 还不错 还会 还可以 还好 还是 还有 还没 还真 还算 还能 还要 这一 这个 这么 这些 这件 这位 这家 这时 这是 这本 这样 这次 这款 这点 \
     这种 这边 这里 进去 进来 进而 进行 通过 那个 那么 那些 那就 那时 那是 那样 那种 那边 那还 那里 部分 都不 都会 都是 都有 都没 都没有 里面 重新 问题 除了 \
     除此之外 随便 随时 随着 难道 需要 非常 首先 马上 麻烦";

/// English stop words in lower case, by their first letter.
const EN: [&str; 24] = [
    "a about above across actually after again against ago all almost along already also although \
     always am among an and another any anyone anything are aren't around as ask asked at away",
    "back be became because been before being below between both but by",
    "came can can't cannot come could couldn't",
    "day days did didn't do does doesn't doing don't done down during",
    "each either else even ever every everything",
    "few for from",
    "get gets getting give given go goes going gone good-bye got",
    "had hadn't has hasn't have haven't having he hello her here hers herself hi him himself his \
     how however",
    "i i'd i'll i'm i've if im in instead into is isn't it it'd it'll it's its itself",
    "just",
    "keep know",
    "last less let let's like ll lot",
    "made make making many may maybe me might mine more most much must my myself",
    "need never next no nor not nothing now",
    "of off often oh ok okay on once one only onto or other others our ours out over own",
    "per perhaps please put",
    "quite",
    "rather re really",
    "said same say says see seem seems shall she should shouldn't since so some someone something \
     soon still such",
    "take taken tell than thank thanks that that's the their theirs them themselves then there \
     there's these they they'll they're they've thing things think this those though three \
     through thus till to today told tomorrow too took toward try trying two",
    "under until up upon us use used using usually",
    "ve very via",
    "want wanted wants was wasn't way we we'd we'll we're we've well went were weren't what \
     what's when where whether which while who whom whose why will with within without won't \
     would wouldn't",
    "yes yesterday yet you you'd you'll you're you've your yours yourself",
];

/// No Chinese keyword begins with these.
const NO_START: &str = "的了着吗呢吧啊呀嘛么们是在和与也都就而及或被把让我你他她它您这那个些一之其所以于并且但若则\
即便又还再只已曾将第件位次种只样哦喔呵哈嗯";

/// No Chinese keyword ends with these.
const NO_END: &str = "的了着过吗呢吧啊呀嘛么是在和与也都就而及或被把让给我你他她它您这那很太不没一之其所以于并且但若\
则又还再只已曾将第更最每各跟对从向才却会能要想说有去来到哦喔呵哈嗯为";

/// Whether a Chinese term says nothing.
pub(crate) fn is_empty_zh(term: &str) -> bool {
    term.starts_with(|it| NO_START.contains(it))
        || term.ends_with(|it| NO_END.contains(it))
        || ZH.split(' ').any(|it| it == term)
}

/// Whether an English word says nothing.
pub(crate) fn is_empty_en(word: &str) -> bool {
    let group = EN.iter().find(|it| it.chars().next() == word.chars().next());
    group.is_some_and(|it| it.split(' ').any(|it| it == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_large_enough_and_in_groups() {
        assert!(300 <= ZH.split(' ').count());
        assert!(180 <= EN.iter().flat_map(|it| it.split(' ')).count());
        for group in EN {
            let first = group.chars().next().unwrap();
            assert!(group.split(' ').all(|it| it.starts_with(first)), "{group}");
        }
    }

    #[test]
    fn function_words_are_empty_and_subjects_are_not() {
        for it in ["我们", "的酒店", "酒店的", "没有", "什么", "一方面"] {
            assert!(is_empty_zh(it), "{it}");
        }
        for it in ["酒店", "太差", "很差", "没修好", "态度"] {
            assert!(!is_empty_zh(it), "{it}");
        }
        assert!(is_empty_en("don't") && is_empty_en("the") && !is_empty_en("delay"));
    }
}

//! The shipped models on sentences that were written for this test and are not in the corpus.

use std::collections::BTreeMap;

use words::model::Model;
use words::shipped::{SENTIMENT, TOPIC, TOPICS, sentiment, topic};

const CORPUS: [&str; 4] = [
    include_str!("../corpus/sentiment_zh.tsv"),
    include_str!("../corpus/sentiment_en.tsv"),
    include_str!("../corpus/topic_zh.tsv"),
    include_str!("../corpus/topic_en.tsv"),
];

const GOOD: [&str; 36] = [
    "前台小姑娘笑眯眯的，还帮我们把行李送到了房间",
    "床垫软硬适中，一觉到天亮",
    "离地铁口两分钟，去哪都方便",
    "早餐花样多，味道也对胃口",
    "饭菜送到时还冒着热气，味道没得挑",
    "骑手小哥冒雨送餐，还提前了十分钟，感谢",
    "这家的麻辣烫我每周都要点一回",
    "橙子个个水灵，一口下去全是汁",
    "苹果又脆又甜，家里老人一天吃两个",
    "开机只要几秒，写代码一点不卡",
    "手机拍夜景很清晰，电池能撑一整天",
    "裙子上身特别显气质，同事都来要链接",
    "洗完头发蓬松柔顺，香味也淡淡的很好闻",
    "师傅装得又快又规范，走之前还把地擦了",
    "牛奶味道浓郁，孩子一天一盒",
    "这本书通俗易懂，读完很受启发",
    "故事写得真挚，看到最后忍不住流泪",
    "柜员耐心地教我妈用手机银行，真心感谢",
    "业务办得很快，全程不到十分钟",
    "信号满格，宽带也很稳定，没断过",
    "航班准点，空姐态度亲切，餐食也可口",
    "虽然包装有点简单，但是水果非常新鲜，很满意",
    "价格不贵，质量却很好，下次还来",
    "客服回复及时，问题当天就解决了",
    "不愧是老字号，味道正宗",
    "软件更新以后顺手多了，点赞",
    "The room was spotless and the bed was so comfortable",
    "Support fixed my issue within minutes, thank you!",
    "Delicious noodles and very friendly waiters",
    "Great laptop, fast and quiet, totally worth the money",
    "My daughter loves this book, wonderful pictures",
    "Not bad at all, I will order again",
    "The driver was polite and arrived early",
    "Smooth check-in and a lovely crew, would fly again",
    "The new app is so easy to use",
    "Excellent quality and the price is fair",
];

const BAD: [&str; 36] = [
    "房间一股霉味，床单上还有头发",
    "隔壁打电话听得一清二楚，整晚没睡着",
    "前台爱理不理，问什么都说不知道",
    "等了两个小时才送到，饭都凉透了",
    "汤洒了一半，打电话给商家也没人接",
    "菜里吃出一根头发，恶心死了",
    "肉少得可怜，味道也不怎么样",
    "苹果烂了一半，剩下的又酸又小",
    "买回来三天屏幕就花了，客服还不给换",
    "玩一会儿游戏就烫得不行，还老死机",
    "裤子洗了一次就掉色，线头一大堆",
    "用完头皮痒，还掉头发，怀疑是假货",
    "安装师傅乱收费，装完还漏水",
    "牛奶都快过期了才发过来",
    "印刷模糊，错别字连篇，像盗版",
    "内容空洞，翻来覆去就那几句话，看不下去",
    "排队排了一个多小时，柜台只开一个窗口",
    "莫名其妙扣了我二十块钱，打电话一直占线",
    "网速慢得要命，经常断网",
    "航班延误五个小时，没有任何解释",
    "虽然价格便宜，但是质量太差，不推荐",
    "退款申请了半个月，钱还没到账",
    "真是“高效”，等了一个月还没发货",
    "一点都不好吃，再也不点了",
    "app天天闪退，根本没法用",
    "服务态度极差，还跟顾客吵架",
    "The room was dirty and smelled of smoke",
    "I waited two hours and nobody helped me",
    "Worst pizza I have ever had, cold and soggy",
    "The charger stopped working after three days",
    "They refused to refund me, what a scam",
    "Rude staff and terrible food",
    "Not worth the money, very disappointed",
    "My flight was cancelled without any explanation",
    "The app keeps crashing, I can't even log in",
    "Overpriced, noisy and the wifi did not work",
];

const ABOUT: [(&str, &str); 55] = [
    ("after_sale", "退货申请提交一周了还没审核"),
    ("after_sale", "保修期内居然要我自己付维修费"),
    ("after_sale", "能不能换一台新的给我"),
    ("after_sale", "I returned the shoes but the refund never arrived"),
    ("after_sale", "The warranty claim was rejected without a reason"),
    ("billing", "上个月的账单多出来一笔我不认识的费用"),
    ("billing", "付款时总提示支付失败，钱却扣了"),
    ("billing", "发票抬头开错了，请重新开"),
    ("billing", "I was charged twice on my credit card"),
    ("billing", "The invoice amount does not match the payment"),
    ("delivery", "快递三天没动静，单号也查不到"),
    ("delivery", "快递员不打电话就放到驿站"),
    ("delivery", "送货很快，第二天早上就收到了"),
    ("delivery", "The courier left my parcel at the wrong house"),
    ("delivery", "Tracking says delivered but the package is not here"),
    ("ease_of_use", "新版页面找不到订单入口在哪"),
    ("ease_of_use", "验证码一直收不到，登录不了"),
    ("ease_of_use", "老年人看不懂这个操作流程"),
    ("ease_of_use", "The website is confusing and hard to navigate"),
    ("ease_of_use", "I forgot my password and the reset email never came"),
    ("environment", "厕所很脏，也没有纸"),
    ("environment", "店里空调太冷，灯光也暗"),
    ("environment", "停车场太小，每次都找不到车位"),
    ("environment", "The bathroom was filthy and the carpet was stained"),
    ("environment", "Nice decor and cozy atmosphere"),
    ("price", "同样的东西别家便宜一半"),
    ("price", "刚买完第二天就降价了，要求补差价"),
    ("price", "优惠券领了却用不了"),
    ("price", "Way too expensive for what it is"),
    ("price", "The promo code was rejected, no discount at all"),
    ("quality", "衣服洗一次就缩水掉色"),
    ("quality", "电池用半天就没电，充电还发烫"),
    ("quality", "做工很粗糙，接缝处都裂了"),
    ("quality", "The zipper broke and the seams came apart"),
    ("quality", "Screen flickers and the battery dies fast"),
    ("safety", "你们把我的手机号泄露给了推销公司"),
    ("safety", "消防通道堆满了杂物，很危险"),
    ("safety", "账号被盗，有人在异地登录"),
    ("safety", "Someone hacked my account and stole my data"),
    ("safety", "The heater caught fire, this is dangerous"),
    ("service", "服务员一直聊天，叫了几遍都不理"),
    ("service", "客服小李非常耐心，给她点赞"),
    ("service", "保安说话很冲，态度恶劣"),
    ("service", "The receptionist was rude and rolled her eyes at us"),
    ("service", "Friendly and professional staff"),
    ("taste", "牛肉面太咸，肉也老"),
    ("taste", "早餐品种少，粥是凉的"),
    ("taste", "蛋糕甜而不腻，奶油很香"),
    ("taste", "The soup was cold and the steak was overcooked"),
    ("taste", "Tasty burger and great coffee"),
    ("waiting", "取号以后等了一个半小时才轮到我"),
    ("waiting", "窗口就开了一个，队伍排到门外"),
    ("waiting", "飞机晚点三个小时"),
    ("waiting", "We stood in line for an hour at check-in"),
    ("waiting", "I have been on hold for forty minutes"),
];

#[test]
fn no_sentence_of_this_test_is_in_the_corpus() {
    let ours = GOOD.iter().chain(&BAD).chain(ABOUT.iter().map(|(_, text)| text));
    for sentence in ours {
        assert!(!CORPUS.iter().any(|corpus| corpus.contains(sentence)), "{sentence}");
    }
}

#[test]
fn clear_feelings_in_both_languages_are_told_apart() {
    let good = GOOD.iter().map(|text| (text, 1.0));
    let all: Vec<_> = good.chain(BAD.iter().map(|text| (text, -1.0))).collect();
    let wrong: Vec<_> = all
        .iter()
        .map(|(text, sign)| (text, sentiment(text).score * sign))
        .filter(|(_, score)| *score <= 0.0)
        .collect();
    let right = all.len() - wrong.len();
    assert!(right * 100 >= all.len() * 85, "{right} of {}: {wrong:#?}", all.len());
}

#[test]
fn clear_subjects_in_both_languages_are_recognised() {
    let wrong: Vec<_> = ABOUT
        .iter()
        .map(|(label, text)| (label, text, topic(text)))
        .filter(|(label, _, found)| found.label != **label)
        .collect();
    let right = ABOUT.len() - wrong.len();
    assert!(right * 100 >= ABOUT.len() * 80, "{right} of {}: {wrong:#?}", ABOUT.len());
}

#[test]
fn a_score_is_within_a_half_exactly_when_it_needs_review() {
    let texts = GOOD.iter().chain(&BAD).chain(ABOUT.iter().map(|(_, text)| text));
    for text in texts.chain(&["", "……", "一", "qqq", "zzz 的"]) {
        let found = sentiment(text);
        assert!(found.score.abs() <= 1.0);
        assert_eq!(found.needs_review, found.score.abs() < 0.5, "{text}: {found:?}");
    }
}

#[test]
fn a_text_without_a_known_word_needs_review() {
    for text in ["", "   ", "………", "xqzzt wvvkq"] {
        assert!(sentiment(text).needs_review, "{text}");
        assert!(topic(text).needs_review, "{text}");
    }
}

#[test]
fn both_models_together_are_at_most_64_kib() {
    let size = SENTIMENT.len() + TOPIC.len();
    assert!(size <= 64 * 1024, "{size} bytes");
}

#[test]
fn every_topic_of_the_model_has_its_names() {
    let model = Model::parse(TOPIC).unwrap();
    let named: BTreeMap<&str, &str> =
        TOPICS.iter().map(|(label, chinese, _)| (*label, *chinese)).collect();
    assert!(model.labels().eq(named.keys().copied()));
    let feelings = Model::parse(SENTIMENT).unwrap();
    assert!(feelings.labels().eq(["negative", "positive"]));
}

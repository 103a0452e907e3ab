//! A page with every figure, drawn and looked at. With `FIGURES_TO` in the environment it is left
//! in that folder, to be looked at by people.

use std::fs;
use std::path::Path;

use http::StatusCode;
use pages::chart::{
    Bar, Bars, Chart, Heat, HeatRow, Line, Matrix, Mood, Point, Spot, Term, Trend, Warm,
};
use ports::Env;
use testkit::World;
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::{Board, Cell, Figure, Opened, Page, Signed, Table, Tile, open};

/// What is hostile wherever it is drawn.
const HOSTILE: &str = "</svg><script>alert(1)</script>\"'&\u{1}";
const GRAINS: [&str; 4] = ["touchpoint", "channel", "group", "agent"];

fn point(value: f64, half: f64) -> Option<Point> {
    Some(Point { value, interval: Some((value - half, value + half)) })
}

fn figure(id: &'static str, title: &str, summary: &str, chart: Chart) -> Figure {
    let columns = ["Day", "n", "CSAT", "±"].map(str::to_owned).to_vec();
    let row = |name: &str, at: u32| {
        let number = f64::from(at) * 3.3;
        vec![
            Cell::link(name, "/dashboard/touchpoints/tch_1"),
            Cell::number(f64::from(at * 12), (at * 12).to_string()),
            Cell::number(number, format!("{number:.1}")),
            Cell::text("82.1–89.7"),
        ]
    };
    let rows = (20..28).map(|at| row(&format!("2026-10-{at}"), at)).collect();
    let table = Table { columns, rows };
    let (title, summary) = (title.to_owned(), summary.to_owned());
    Figure { id, title, summary, chart, table, empty: String::new() }
}

fn trend(lang: Lang, days: i32, target: Option<f64>) -> Chart {
    let wave = |at: i32| 84.0 + f64::from((at * 7) % 11) * 0.6 - f64::from((at * 5) % 7) * 0.5;
    let points = |offset: i32, half: f64| -> Vec<Option<Point>> {
        let value = |at: i32| match at {
            9..12 => None,
            _ => point(wave(at + offset), half),
        };
        (0..days).map(value).collect()
    };
    let from = domain::civil::parse_date("2026-10-24").unwrap();
    let label = |at: i32| domain::civil::date(from + at)[5..].to_owned();
    let name = lang.of("This period", "本期").to_owned();
    let before = lang.of("The period before", "上一期").to_owned();
    Chart::Trend(Trend {
        labels: (0..days).map(label).collect(),
        lines: vec![
            Line { name, points: points(0, 2.4), is_faint: false },
            Line { name: before, points: points(3, 0.0), is_faint: true },
        ],
        target,
        range: Some((0.0, 100.0)),
    })
}

fn bars(lang: Lang) -> Chart {
    let names = [
        lang.of("Delivery and installation at home", "送货上门与安装"),
        lang.of("Return", "退货"),
        lang.of(
            "Online shop: paying, with a name that is long",
            "在线商城支付环节：名称特别长的触点",
        ),
        lang.of("Hotline", "客服热线"),
        HOSTILE,
    ];
    let bar = |(at, name): (usize, &&str)| {
        let value = 91.2 - f64::from(u8::try_from(at).unwrap()) * 4.7;
        Bar {
            name: (*name).to_owned(),
            href: if at == 3 { String::new() } else { "/dashboard/touchpoints/tch_1".into() },
            point: point(value, 2.0 + value / 40.0),
            text: format!("{value:.1} (n 212)"),
            target: Some(85.0),
            mood: [Mood::Good, Mood::Plain, Mood::Bad, Mood::Faint][at % 4],
        }
    };
    Chart::Bars(Bars {
        bars: names.iter().enumerate().map(bar).collect(),
        range: Some((0.0, 100.0)),
    })
}

fn heat(lang: Lang, columns: i32) -> Chart {
    let row = |at: i32| HeatRow {
        name: match at % 3 {
            0 => lang.of("Delivery and installation at home", "送货上门与安装").to_owned(),
            1 => lang.of("Return", "退货").to_owned(),
            _ => lang.of("Hotline", "客服热线").to_owned(),
        },
        href: "/dashboard/touchpoints/tch_1".to_owned(),
        fields: (0..columns)
            .map(|column| {
                let step = (at * 5 + column * 3) % 9;
                let warm = Warm {
                    text: format!("{:.1}", 70.0 + f64::from(step) * 3.2),
                    warmth: f64::from(step - 4) / 4.0,
                    title: "n 34, 78–91".to_owned(),
                };
                ((at + column) % 11 != 3).then_some(warm)
            })
            .collect(),
    };
    let columns = (0..columns).map(|it| format!("W{}", 36 + it)).collect();
    Chart::Heat(Heat { columns, rows: (0..7).map(row).collect() })
}

fn cloud(lang: Lang) -> Chart {
    let words = match lang {
        Lang::En => {
            "delivery late friendly installer box damaged refund quick hotline waiting price \
             courier staff helpful parking app crash login coupon invoice size colour broken \
             return easy pleasant queue noise replacement warranty"
        }
        Lang::Zh => {
            "送货 太慢 服务态度好 安装师傅 包装破损 退款 很快 客服 等待时间 价格 快递员 热情 停车 \
             App 闪退 登录 优惠券 发票 尺码 色差 坏了 退货方便 满意 排队 噪音 换货 保修 专业 耐心 物流"
        }
    };
    let words: Vec<&str> = words.split_whitespace().collect();
    let term = |(at, text): (usize, &&str)| {
        let at = u32::try_from(at).unwrap();
        Term {
            text: (*text).to_owned(),
            weight: 1.0 / (1.0 + f64::from(at) * 0.22),
            mood: [Mood::Bad, Mood::Plain, Mood::Good, Mood::Faint]
                [usize::try_from(at % 4).unwrap()],
            title: format!("{text}: {} · 12 %", 400 / (at + 1)),
        }
    };
    Chart::Cloud(words.iter().enumerate().map(term).collect())
}

fn matrix(lang: Lang) -> Chart {
    let spot = |at: u16| Spot {
        name: match lang {
            Lang::En => {
                ["Delivery", "Installation at home", "Paying", "Return"][usize::from(at % 4)]
            }
            Lang::Zh => ["送货上门", "安装", "在线支付环节", "退货退款"][usize::from(at % 4)],
        }
        .to_owned(),
        at: (60.0 + f64::from((at * 13) % 37), 0.1 + f64::from((at * 7) % 11) / 14.0),
        mood: [Mood::Plain, Mood::Bad, Mood::Good, Mood::Faint][usize::from(at % 4)],
        title: "CSAT 81.2, 0.43".to_owned(),
    };
    Chart::Matrix(Matrix {
        axes: [lang.of("does well", "表现"), lang.of("matters", "重要性")].map(str::to_owned),
        middle: (80.0, 0.45),
        range: [(55.0, 100.0), (0.0, 1.0)],
        corners: [
            lang.of("Improve first", "优先改进"),
            lang.of("Keep it so", "继续保持"),
            lang.of("Watch", "关注"),
            lang.of("May be eased", "可适当放松"),
        ]
        .map(str::to_owned),
        spots: (0..14).map(spot).collect(),
    })
}

fn spread(lang: Lang, answers: u32) -> Chart {
    let bar = |at: u32| Bar {
        name: at.to_string(),
        point: point(f64::from((at * at * 7) % 60), 1.0),
        text: format!("{} ({} %)", at * at, at * 2),
        mood: if at < answers / 2 { Mood::Bad } else { Mood::Good },
        ..Bar::default()
    };
    let _ = lang;
    Chart::Spread((0..answers).map(bar).collect())
}

fn funnel(lang: Lang) -> Chart {
    let steps = [
        (lang.of("Received", "收到"), 812.0),
        (lang.of("Answered in time", "按时首次回复"), 640.0),
        (lang.of("Solved", "已解决"), 520.0),
        (lang.of("Customer agrees", "客户认可"), 131.0),
    ];
    let bar = |(name, value): &(&str, f64)| Bar {
        name: (*name).to_owned(),
        point: Some(Point { value: *value, interval: None }),
        text: format!("{value} ({:.0} %)", value / 8.12),
        ..Bar::default()
    };
    Chart::Funnel(steps.iter().map(bar).collect())
}

fn tiles(lang: Lang) -> Vec<Tile> {
    let course = |from: f64| -> Vec<Option<f64>> {
        (0..30_i32).map(|at| (at % 13 != 4).then(|| from + f64::from((at * 7) % 9))).collect()
    };
    let tile = |id: &'static str, title: &str, value: &str| Tile {
        id,
        title: title.to_owned(),
        value: value.to_owned(),
        interval: "82.1–89.7".to_owned(),
        n: Some(1212),
        ..Tile::default()
    };
    vec![
        Tile {
            target: "90".into(),
            is_met: Some(false),
            change: lang.of("+3.2 · more than chance", "+3.2 · 差异显著").into(),
            is_better: Some(true),
            course: course(80.0),
            href: "/dashboard/touchpoints".into(),
            ..tile("index", lang.of("Satisfaction index", "满意度指数"), "86.4")
        },
        Tile {
            target: "30".into(),
            is_met: Some(true),
            change: lang.of("\u{2212}1 · may be chance", "\u{2212}1 · 可能是偶然").into(),
            course: course(20.0),
            ..tile("nps", "NPS", "38")
        },
        Tile {
            change: lang.of("+12 · more than chance", "+12 · 差异显著").into(),
            is_better: Some(false),
            note: lang.of("3 are overdue.", "3 件已逾期。").into(),
            course: course(2.0),
            interval: String::new(),
            ..tile("complaints", lang.of("Complaints", "投诉"), "1,234")
        },
        Tile {
            note: lang
                .of("Fewer than 30 answers: read with care.", "不足 30 条回答，请谨慎解读。")
                .into(),
            n: Some(4),
            interval: String::new(),
            ..tile("ces", "CES", "")
        },
    ]
}

async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let opened = match open(env, &request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    page(&opened).answer(&request)
}

fn page(opened: &Opened) -> Board<'_> {
    let lang = opened.lang;
    let mut board = Board::new(opened, Page::Overview, lang.of("Overview", "总览"), &GRAINS);
    board.tiles(tiles(lang));
    board.heading("courses", lang.of("How it goes", "走势"));
    let said = lang.of(
        "CSAT is 86.4 %, 3.2 points above the period before, and below its target of 90 %.",
        "CSAT 为 86.4%，比上一期高 3.2 个百分点，尚未达到 90% 的目标。",
    );
    let course = lang.of("Course of CSAT", "CSAT 走势");
    board.figure(figure("trend", course, said, trend(lang, 30, Some(90.0))));
    board.figure(figure("trend_week", course, said, trend(lang, 7, Some(86.0))));
    board.figure(figure("trend_year", course, said, trend(lang, 365, None)));
    board.figure(figure("bars", lang.of("Touchpoints", "触点"), said, bars(lang)));
    board.figure(figure("nps", lang.of("Answers", "回答分布"), said, spread(lang, 11)));
    board.figure(figure("csat", lang.of("Answers", "回答分布"), said, spread(lang, 5)));
    board.figure(figure("funnel", lang.of("Complaints", "投诉"), said, funnel(lang)));
    board.figure(figure("cloud", lang.of("Words", "词云"), said, cloud(lang)));
    board.figure(figure("matrix", lang.of("What matters", "驱动因素"), said, matrix(lang)));
    let empty = lang.of(
        "No answers in this period: choose a longer one.",
        "该时段没有回答，请选择更长的时间段。",
    );
    let none = figure("none", lang.of("Nothing", "暂无"), "", Chart::None);
    board.figure(Figure { empty: empty.to_owned(), ..none });
    board.figure(figure("plain", lang.of("A table", "表格"), said, Chart::None));
    board.heading("weeks", lang.of("Week by week", "逐周变化"));
    board.figure(figure("heat", lang.of("Touchpoint and week", "触点 × 周"), said, heat(lang, 13)));
    board.figure(figure("heat_few", lang.of("Few", "少"), said, heat(lang, 4)));
    board
}

fn shown(query: &str) -> (Response, String) {
    let world = World::with_site();
    let response = world
        .send(handle, &format!("GET /dashboard?{query}\nauthorization: Bearer {{viewer}}\n\n"));
    let text = String::from_utf8(response.body().clone()).unwrap();
    (response, text)
}

#[test]
fn every_figure_stands_in_a_page_in_both_languages() {
    let folder = std::env::var_os("FIGURES_TO");
    for lang in ["en", "zh-CN"] {
        let (response, text) = shown(&format!("lang={lang}&period=30d"));
        assert_eq!(response.status(), StatusCode::OK, "{text}");
        assert!(!text.contains("<script>") && !text.contains("style="), "{lang}");
        assert!(text.contains("&lt;script&gt;"), "hostile text is a text");
        let figures = text.matches("<figure").count();
        assert_eq!(figures, text.matches("<figcaption").count());
        assert_eq!(text.matches("<h1").count(), 1);
        for id in ["trend", "bars", "nps", "funnel", "cloud", "matrix", "heat"] {
            assert!(text.contains(&format!("aria-labelledby=\"{id}-t {id}-d\"")), "{id}");
            assert!(text.contains(&format!("&amp;card={id}&amp;format=svg")), "{id}");
        }
        if let Some(folder) = &folder {
            let folder = Path::new(folder);
            let text = text
                .replace(pages::BOARD_STYLE_PATH, "board.css")
                .replace(pages::BOARD_SCRIPT_PATH, "board.js");
            fs::write(folder.join(format!("{lang}.html")), text).unwrap();
            fs::write(folder.join("board.css"), pages::BOARD_STYLE).unwrap();
            fs::write(folder.join("board.js"), pages::BOARD_SCRIPT).unwrap();
            for id in ["trend", "bars", "nps", "funnel", "cloud", "matrix", "heat"] {
                let (_, svg) = shown(&format!("lang={lang}&card={id}&format=svg"));
                fs::write(folder.join(format!("{lang}-{id}.svg")), svg).unwrap();
            }
        }
    }
}

#[test]
fn links_keep_what_is_shown_and_nothing_of_a_file() {
    let (_, text) = shown("lang=en&period=7d&channel=web&topic=price");
    let other = "href=\"?lang=zh-CN&amp;period=7d&amp;channel=web&amp;topic=price\"";
    assert!(text.contains(other), "{text}");
    let file =
        "?lang=en&amp;period=7d&amp;channel=web&amp;topic=price&amp;card=tiles&amp;format=csv";
    assert!(text.contains(file));
    assert!(text.contains("action=\"/dashboard/session/end\""), "there is a way out");
}

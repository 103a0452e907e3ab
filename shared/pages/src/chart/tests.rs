//! Charts of whatever data there may be, drawn and read again: they are XML, they have no place
//! outside of what is seen, and the same data make the same drawing.

use super::*;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn value(&mut self) -> f64 {
        let small = f64::from(u32::try_from(self.below(20_000)).unwrap()) / 100.0 - 100.0;
        let extremes = [0.0, -0.0, 1e300, -1e300, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 1e-9];
        match self.below(4) {
            0 => extremes[self.below(extremes.len())],
            1 => 50.0,
            _ => small,
        }
    }

    fn text(&mut self) -> String {
        let texts = [
            "",
            " ",
            "App",
            "送货上门与安装服务",
            "</svg><script>alert(1)</script>",
            "\"' onload=x & &amp; ]]> \0\u{1}\u{b}\u{ffff}",
            "مرحبا بالعالم",
            "👩‍👩‍👧 e\u{301}",
        ];
        match self.below(10) {
            8 => "W".repeat(300),
            9 => "很长的名称".repeat(60),
            at => texts[at].to_owned(),
        }
    }

    fn point(&mut self) -> Option<Point> {
        let value = self.value();
        let interval = (self.below(2) == 0).then(|| (self.value(), self.value()));
        (self.below(5) != 0).then_some(Point { value, interval })
    }

    fn range(&mut self) -> Option<(f64, f64)> {
        match self.below(4) {
            0 => Some((0.0, 100.0)),
            1 => Some((-100.0, 100.0)),
            2 => Some((self.value(), self.value())),
            _ => None,
        }
    }

    fn mood(&mut self) -> Mood {
        [Mood::Plain, Mood::Good, Mood::Bad, Mood::Faint][self.below(4)]
    }

    fn bar(&mut self) -> Bar {
        Bar {
            name: self.text(),
            href: if self.below(2) == 0 { String::new() } else { "/a?b=1&c=\"2".to_owned() },
            point: self.point(),
            text: self.text(),
            target: (self.below(2) == 0).then(|| self.value()),
            mood: self.mood(),
        }
    }

    fn some<T>(&mut self, end: usize, one: impl Fn(&mut Dice) -> T) -> Vec<T> {
        let count = self.below(end);
        (0..count).map(|_| one(self)).collect()
    }

    fn spot(&mut self) -> Spot {
        let at = (self.value(), self.value());
        Spot { name: self.text(), at, mood: self.mood(), title: self.text() }
    }

    fn warm(&mut self) -> Option<Warm> {
        let warm = Warm { text: self.text(), warmth: self.value(), title: self.text() };
        (self.below(4) != 0).then_some(warm)
    }

    fn chart(&mut self) -> Chart {
        match self.below(7) {
            0 => Chart::Trend(Trend {
                labels: self.some(40, Dice::text),
                lines: self.some(8, |it| Line {
                    name: it.text(),
                    points: it.some(40, Dice::point),
                    is_faint: it.below(2) == 0,
                }),
                target: (self.below(2) == 0).then(|| self.value()),
                range: self.range(),
            }),
            1 => Chart::Bars(Bars { bars: self.some(9, Dice::bar), range: self.range() }),
            2 => Chart::Heat(Heat {
                columns: self.some(30, Dice::text),
                rows: self.some(6, |it| HeatRow {
                    name: it.text(),
                    href: it.bar().href,
                    fields: it.some(30, Dice::warm),
                }),
            }),
            3 => Chart::Cloud(self.some(80, |it| Term {
                text: it.text(),
                weight: it.value(),
                mood: it.mood(),
                title: it.text(),
            })),
            4 => Chart::Matrix(Matrix {
                axes: [self.text(), self.text()],
                middle: (self.value(), self.value()),
                range: [(0.0, 100.0), self.range().unwrap_or_default()],
                corners: [self.text(), self.text(), self.text(), self.text()],
                spots: self.some(30, Dice::spot),
            }),
            5 => Chart::Spread(self.some(12, Dice::bar)),
            _ => Chart::Funnel(self.some(7, Dice::bar)),
        }
    }
}

/// The elements of a text that must be XML: names, attributes; texts are checked as well.
fn elements(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let is_allowed =
        |it: char| !matches!(it, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}'..);
    assert!(text.chars().all(|it| is_allowed(it) || '\u{10000}' <= it), "a sign XML lacks");
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let mut parts = text.trim().split('<');
    assert_eq!(parts.next(), Some(""));
    for part in parts {
        let (tag, rest) = part.split_once('>').expect("a tag ends");
        check_text(rest);
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "what was opened last");
            continue;
        }
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while !rest.is_empty() {
            let (name, value) = rest.split_once("=\"").expect("an attribute has a value");
            let (value, more) = value.split_once('"').expect("a value ends");
            check_text(value);
            assert!(attributes.iter().all(|it: &(String, String)| it.0 != name), "{name} twice");
            attributes.push((name.to_owned(), value.to_owned()));
            rest = more.strip_prefix(' ').unwrap_or(more);
        }
        open.push(name.to_owned());
        found.push((name.to_owned(), attributes));
    }
    assert!(open.is_empty(), "{open:?} is still open");
    found
}

fn check_text(text: &str) {
    for part in text.split('&').skip(1) {
        let name = part.split(';').next().unwrap();
        assert!(["lt", "gt", "amp", "quot", "#39"].contains(&name), "&{part}");
    }
}

/// That all places are within what is seen.
fn check_places(elements: &[(String, Vec<(String, String)>)], chart: &Chart) {
    let view = &elements[0].1.iter().find(|it| it.0 == "viewBox").unwrap().1;
    let view: Vec<f64> = view.split(' ').map(|it| it.parse().unwrap()).collect();
    let (width, height) = (view[2] + 0.11, view[3] + 0.11);
    for (name, attributes) in elements {
        let at = |name: &str| {
            let found = attributes.iter().find(|it| it.0 == name)?;
            Some(found.1.parse::<f64>().unwrap())
        };
        let is_within = |x: f64, y: f64| {
            let is_so = (-0.11..=width).contains(&x) && (-0.11..=height).contains(&y);
            assert!(is_so, "{name} {attributes:?} in {view:?}: {chart:?}");
        };
        match name.as_str() {
            "rect" => {
                let [x, y, w, h] = ["x", "y", "width", "height"].map(|it| at(it).unwrap());
                is_within(x, y);
                is_within(x + w, y + h);
            }
            "line" => {
                is_within(at("x1").unwrap(), at("y1").unwrap());
                is_within(at("x2").unwrap(), at("y2").unwrap());
            }
            "circle" => {
                let [x, y, r] = ["cx", "cy", "r"].map(|it| at(it).unwrap());
                is_within(x + r, y + r);
                is_within(x - r, y - r);
            }
            "text" => is_within(at("x").unwrap(), at("y").unwrap()),
            "path" => {
                let path = &attributes.iter().find(|it| it.0 == "d").unwrap().1;
                for place in path.split(['M', 'L', 'Z']).filter(|it| !it.is_empty()) {
                    let (x, y) = place.split_once(' ').unwrap();
                    is_within(x.parse().unwrap(), y.parse().unwrap());
                }
            }
            _ => {}
        }
    }
}

#[test]
fn whatever_is_drawn_is_xml_within_its_bounds_and_the_same_again() {
    let mut dice = Dice(7);
    let mut drawn = 0;
    for _ in 0..600 {
        let (chart, title, summary) = (dice.chart(), dice.text(), dice.text());
        let file = file(&chart, &title, &summary);
        assert_eq!(file, super::file(&chart, &title, &summary), "the same again");
        let file = String::from_utf8(file).unwrap();
        assert!(!file.contains("<script"), "{chart:?}");
        let elements = elements(&file);
        check_places(&elements, &chart);
        let mut html = Html::default();
        draw(&mut html, &chart, "it", &title, &summary);
        drawn += usize::from(!html.so_far().is_empty());
    }
    assert!(400 < drawn, "{drawn}");
}

#[test]
fn a_file_stands_alone() {
    let point = Some(Point { value: 3.0, interval: None });
    let bars = vec![Bar { name: "a".to_owned(), point, ..Bar::default() }];
    let file = file(&Chart::Bars(Bars { bars, range: None }), "Title", "Summary");
    let file = String::from_utf8(file).unwrap();
    for part in [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"340\"",
        "role=\"img\"",
        "<title id=\"chart-t\">Title</title><desc id=\"chart-d\">Summary</desc><style>",
        "prefers-color-scheme:dark",
        "forced-colors:active",
    ] {
        assert!(file.contains(part), "{part}: {file}");
    }
    assert!(!file.contains("var("), "few programs know names of colours");
}

#[test]
fn an_axis_shows_what_is_there_and_does_not_make_mountains() {
    for (values, bounds, range, expected) in [
        (&[84.0, 91.0][..], &[][..], Some((0.0, 100.0)), [75.0, 100.0, 5.0]),
        (&[86.0, 86.1], &[], Some((0.0, 100.0)), [75.0, 100.0, 5.0]),
        (&[3.0, 12.0], &[], None, [0.0, 15.0, 5.0]),
        (&[0.0, 0.0], &[], None, [0.0, 0.5, 0.1]),
        (&[], &[], None, [0.0, 1.0, 0.2]),
        (&[-20.0, 30.0], &[-100.0, 100.0], Some((-100.0, 100.0)), [-50.0, 75.0, 25.0]),
    ] {
        let found = trend::axis(values, bounds, range);
        let is_near = found.iter().zip(expected).all(|(it, other)| (it - other).abs() < 1e-9);
        assert!(is_near, "{values:?} {range:?}: {found:?}");
    }
}

#[test]
fn values_are_told_short() {
    for (value, decimals, text) in [
        (0.0, 1, "0"),
        (-0.04, 1, "0"),
        (86.44, 1, "86.4"),
        (-3.25, 2, "\u{2212}3.25"),
        (1234.5, 1, "1,234.5"),
        (12_345.0, 0, "12.3k"),
        (2e6, 1, "2M"),
        (1e300, 1, "1,000G"),
    ] {
        assert_eq!(pen::say(value, decimals), text, "{value}");
    }
}

#[test]
fn a_chart_with_ways_in_it_is_no_single_image() {
    let bar = |href: &str| Bar { name: "a".into(), href: href.into(), ..Bar::default() };
    for (href, role) in [("", "role=\"img\""), ("/a", "role=\"group\"")] {
        let mut html = Html::default();
        draw(&mut html, &Chart::Funnel(vec![bar(href)]), "it", "Title", "Summary");
        let text = String::from_utf8(html.done()).unwrap();
        assert!(text.contains(role), "{text}");
    }
}

//! Lines on a grid, as a small SVG picture. It never measures anything.

use std::fmt::Write as _;

const WIDE: f64 = 560.0;
const HIGH: f64 = 250.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 40.0;

/// Colours that are told apart in print and by most eyes.
const COLOURS: [&str; 4] = ["#0060a8", "#c05000", "#2a7d2a", "#7a3fa0"];

/// A line: its name, and its points.
pub type Line = (String, Vec<(f64, f64)>);

/// A picture of lines; across by powers of ten, upwards from nothing.
pub fn svg(title: &str, across: &str, lines: &[Line]) -> String {
    let points = || lines.iter().flat_map(|(_, points)| points);
    let most_x = points().map(|point| point.0.log10()).fold(1.0, f64::max);
    let least_x = points().map(|point| point.0.log10()).fold(most_x, f64::min);
    let most_y = ceiling(
        points()
            .map(|point| point.1)
            .fold(f64::MIN_POSITIVE, f64::max),
    );
    let x = |value: f64| {
        LEFT + (value.log10() - least_x) / (most_x - least_x).max(0.1) * (WIDE - LEFT - RIGHT)
    };
    let y = |value: f64| HIGH - BOTTOM - value / most_y * (HIGH - TOP - BOTTOM);
    let mut out = start(title);
    // Writing to a string cannot fail.
    for step in 0..=4 {
        let value = most_y * f64::from(step) / 4.0;
        let (at, end) = (y(value), WIDE - RIGHT);
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {at:.1}H{end}\" stroke=\"#ddd\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            at + 4.0,
            figure(value)
        );
    }
    let mut power = least_x.ceil();
    while power <= most_x + 0.01 {
        let (at, low) = (x(10_f64.powf(power)), HIGH - BOTTOM);
        let _ = writeln!(
            out,
            "<path d=\"M{at:.1} {TOP}V{low}\" stroke=\"#ddd\"/>\
             <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            low + 15.0,
            figure(10_f64.powf(power))
        );
        power += 1.0;
    }
    let middle = f64::midpoint(LEFT, WIDE - RIGHT);
    let _ = writeln!(
        out,
        "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{across}</text>",
        HIGH - 8.0
    );
    let ends: Vec<f64> = lines
        .iter()
        .map(|(_, points)| points.last().map_or(0.0, |point| y(point.1)))
        .collect();
    for (((name, points), colour), end) in lines.iter().zip(COLOURS).zip(apart(&ends)) {
        let path: Vec<String> = points
            .iter()
            .map(|point| format!("{:.1},{:.1}", x(point.0), y(point.1)))
            .collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        if let Some(last) = points.last() {
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
                x(last.0) + 6.0,
                end + 4.0
            );
        }
    }
    out.push_str("</svg>\n");
    out
}

fn start(title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {HIGH}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"{WIDE}\" height=\"{HIGH}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" font-size=\"13\">{title}</text>\n"
    )
}

/// Where names stand beside these heights so that each can be read: the lowest at its own, others pushed upwards.
fn apart(heights: &[f64]) -> Vec<f64> {
    const NAME: f64 = 13.0;
    let mut order: Vec<usize> = (0..heights.len()).collect();
    let height = |line: &usize| heights.get(*line).copied().unwrap_or_default();
    order.sort_by(|a, b| height(b).total_cmp(&height(a)));
    let mut placed = heights.to_vec();
    let mut free = f64::INFINITY;
    for line in order {
        let at = height(&line).min(free);
        free = at - NAME;
        if let Some(place) = placed.get_mut(line) {
            *place = at;
        }
    }
    placed
}

/// The next round figure.
fn ceiling(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 4.0, 8.0, 10.0];
    let fits = steps.into_iter().find(|step| step * power >= value);
    fits.unwrap_or(10.0) * power
}

fn figure(value: f64) -> String {
    let rounded = format!("{value:.3}");
    let short = rounded.trim_end_matches('0').trim_end_matches('.');
    match short.strip_suffix("000") {
        Some(thousands) if value >= 10_000.0 => format!("{thousands} k").replace("000 k", " M"),
        _ => short.to_owned(),
    }
}

//! Charts as SVG text: the busyness of an emergency department over time.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use plotters::prelude::*;

/// The inks of a chart, taken from the screen's tokens (`ui/src/design/tokens.css`).
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    pub line: RGBColor,
    pub text: RGBColor,
    pub grid: RGBColor,
}

pub const DAY: Ink = Ink {
    line: RGBColor(31, 36, 41),
    text: RGBColor(86, 94, 102),
    grid: RGBColor(195, 200, 205),
};
pub const NIGHT: Ink = Ink {
    line: RGBColor(201, 208, 214),
    text: RGBColor(147, 160, 171),
    grid: RGBColor(43, 51, 58),
};

/// A chart could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the chart could not be drawn: {0}")]
pub struct ChartError(String);

const WIDTH: u32 = 560;
const HEIGHT: u32 = 150;

/// The scores of the last `hours` as an SVG line chart, stepped as they were delivered.
///
/// # Errors
/// When there is nothing to draw, or plotters refuses.
pub fn busyness(
    points: &[(Timestamp, f64)],
    now: Timestamp,
    hours: i64,
    zone: &TimeZone,
    ink: &Ink,
) -> Result<String, ChartError> {
    if points.len() < 2 {
        return Err(ChartError("fewer than two points".to_owned()));
    }
    let fail = |e: &dyn std::fmt::Display| ChartError(e.to_string());
    let start = now - SignedDuration::from_hours(hours);
    let top = points.iter().map(|(_, s)| *s).fold(100.0_f64, f64::max) * 1.08;
    let bottom = points.iter().map(|(_, s)| *s).fold(0.0_f64, f64::min);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(6)
            .x_label_area_size(20)
            .y_label_area_size(34)
            .build_cartesian_2d(start.as_second()..now.as_second(), bottom..top)
            .map_err(|e| fail(&e))?;
        let label = ("sans-serif", 13).into_font().color(&ink.text);
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(ink.grid)
            .axis_style(ink.grid)
            .x_labels(4)
            .y_labels(4)
            .x_label_formatter(&|s| {
                Timestamp::from_second(*s).map_or(String::new(), |t| {
                    t.to_zoned(zone.clone()).strftime("%H:%M").to_string()
                })
            })
            .y_label_formatter(&|v| format!("{v:.0}"))
            .label_style(label)
            .draw()
            .map_err(|e| fail(&e))?;
        chart
            .draw_series(LineSeries::new(
                steps(points).map(|(at, s)| (at.as_second(), s)),
                ink.line.stroke_width(2),
            ))
            .map_err(|e| fail(&e))?;
        area.present().map_err(|e| fail(&e))?;
    }
    Ok(svg)
}

/// Counts side by side as an SVG bar chart, the newest at the right, with a line at a limit.
///
/// # Errors
/// When there is nothing to draw, or plotters refuses.
pub fn bars(counts: &[u32], limit: u32, ink: &Ink) -> Result<String, ChartError> {
    let fail = |e: &dyn std::fmt::Display| ChartError(e.to_string());
    if counts.is_empty() {
        return Err(ChartError("nothing to draw".to_owned()));
    }
    let n = counts.len() as u32;
    let top = counts.iter().copied().max().unwrap_or(0).max(limit) + 1;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(6)
            .y_label_area_size(34)
            .build_cartesian_2d(0..n, 0..top)
            .map_err(|e| fail(&e))?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .light_line_style(TRANSPARENT)
            .bold_line_style(ink.grid)
            .axis_style(ink.grid)
            .y_labels(4)
            .label_style(("sans-serif", 13).into_font().color(&ink.text))
            .draw()
            .map_err(|e| fail(&e))?;
        let bar = |(i, count): (u32, &u32)| Rectangle::new([(i, 0), (i + 1, *count)], ink.line.filled());
        chart.draw_series((0..).zip(counts).map(bar)).map_err(|e| fail(&e))?;
        chart
            .draw_series(LineSeries::new([(0, limit), (n, limit)], ink.text.stroke_width(1)))
            .map_err(|e| fail(&e))?;
        area.present().map_err(|e| fail(&e))?;
    }
    Ok(svg)
}

/// The last `hours` as the `d` of an SVG path in a box of 100 by 24, for the small line on a tile.
pub fn spark_path(points: &[(Timestamp, f64)], now: Timestamp, hours: i64) -> String {
    let span = SignedDuration::from_hours(hours).as_secs() as f64;
    let top = points.iter().map(|(_, s)| *s).fold(100.0_f64, f64::max);
    let bottom = points.iter().map(|(_, s)| *s).fold(0.0_f64, f64::min);
    let mut path = String::new();
    for (i, (at, score)) in points.iter().enumerate() {
        let x = 100.0 - 100.0 * now.duration_since(*at).as_secs() as f64 / span;
        let y = 22.0 - 20.0 * (score - bottom) / (top - bottom).max(1.0);
        path.push_str(&format!(
            "{}{:.1} {y:.1}",
            if i == 0 { "M" } else { "L" },
            x.clamp(0.0, 100.0)
        ));
    }
    path
}

/// A value stands until the next one is delivered: a slanted line would invent values between them.
fn steps(points: &[(Timestamp, f64)]) -> impl Iterator<Item = (Timestamp, f64)> + '_ {
    points
        .iter()
        .zip(points.iter().skip(1))
        .flat_map(|((at, s), (next, _))| [(*at, *s), (*next, *s)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_become_as_many_bars_and_nothing_is_no_chart() {
        let svg = bars(&[0, 3, 12], 10, &DAY).unwrap();
        assert_eq!(svg.matches("<rect").count(), 3, "{svg}");
        assert!(bars(&[], 10, &DAY).is_err());
    }

    #[test]
    fn a_day_of_scores_becomes_an_svg_with_a_line_and_clock_times() {
        let now: Timestamp = "2026-11-22T03:00:00+01:00".parse().unwrap();
        let points: Vec<_> = (0..48)
            .map(|i| (now - SignedDuration::from_mins(30 * (48 - i)), f64::from(i as i32)))
            .collect();
        let svg = busyness(&points, now, 24, &TimeZone::UTC, &DAY).unwrap();
        let clock = |w: &[u8]| matches!(w, [a, b, b':', c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()));
        assert!(
            svg.contains("<polyline") && svg.as_bytes().windows(5).any(clock),
            "{svg}"
        );
        assert!(
            busyness(&points[..1], now, 24, &TimeZone::UTC, &DAY).is_err(),
            "one point is no line"
        );
    }
}

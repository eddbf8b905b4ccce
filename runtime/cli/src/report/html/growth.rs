//! Cost by size of input, and the curve that fits it.

use invar_monitor::{Point, Scaling, bytes, count};
use maud::{Markup, html};

use super::prose::visible;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 200.0;
/// Around the points.
const PAD: f64 = 14.0;
/// Above them, for the name of the axis.
const TOP: f64 = 28.0;
/// Below them, for the other axis.
const AXIS: f64 = 18.0;

/// How cost grows with input.
pub(crate) struct Growth {
    /// Bytes of input, and fuel.
    pub(crate) points: Vec<(u64, u64)>,
    /// The curve that fits them: bytes of input, and fuel.
    pub(crate) curve: Vec<(f64, f64)>,
    /// Its name, such as `n log n`.
    pub(crate) fitted: String,
    /// What the skill claims.
    pub(crate) claimed: Option<String>,
    /// The function of a tool skill; none: the whole run.
    pub(crate) function: Option<String>,
}

impl Growth {
    /// What was measured, and the likeliest curve between the smallest size and the largest.
    pub(crate) fn of(scaling: &Scaling) -> Self {
        let curve = scaling.estimate.fits.first().map(|fit| {
            let at = |point: &Point| (as_f64(point.size), fit.at(point.size));
            scaling.points.iter().map(at).collect()
        });
        Self {
            points: scaling.points.iter().map(|point| (point.size, point.cost)).collect(),
            curve: curve.unwrap_or_default(),
            fitted: scaling.estimate.words(),
            claimed: scaling.claimed.map(|class| class.to_string()),
            function: scaling.function.clone(),
        }
    }

    /// The plot, on logarithmic axes, and the same in figures.
    /// `number` is that of the plot in the page, from 0.
    pub(super) fn section(&self, number: usize) -> Markup {
        let id = match number {
            0 => "growth".to_owned(),
            number => format!("growth-{}", number + 1),
        };
        let of = self.function.as_ref().map(|name| format!(": {}", visible(name))).unwrap_or_default();
        let claimed = match &self.claimed {
            Some(claimed) => format!("claimed {claimed}"),
            None => "nothing claimed".into(),
        };
        html! {
            section aria-labelledby=(id) {
                h2 id=(id) { "How cost grows" (of) }
                p { "Fuel grows like " strong { (visible(&self.fitted)) } "; " (visible(&claimed)) ". Both axes are logarithmic." }
                figure .growth { (self.plot(&id)) }
                details {
                    summary { "The same in figures" }
                    table {
                        thead { tr { th scope="col" .figure { "input" } th scope="col" .figure { "fuel" } } }
                        tbody {
                            @for (size, fuel) in &self.points {
                                tr { th scope="row" .figure { (bytes(*size)) } td .figure { (count(*fuel)) } }
                            }
                        }
                    }
                }
            }
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "pixels are drawn")]
    fn plot(&self, id: &str) -> Markup {
        let log = |value: f64| value.max(1.0).ln();
        let points: Vec<(f64, f64)> = self.points.iter().map(|(x, y)| (*x as f64, *y as f64)).collect();
        let all = || points.iter().chain(&self.curve);
        let range = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::MAX, f64::MIN), |(least, most), value| {
                (least.min(log(value)), most.max(log(value)))
            })
        };
        let (left, right) = range(&mut all().map(|point| point.0));
        let (low, high) = range(&mut all().map(|point| point.1));
        let place = |(x, y): &(f64, f64)| {
            let part = |value: f64, from: f64, to: f64| match to > from {
                true => (log(value) - from) / (to - from),
                false => 0.5,
            };
            (
                PAD + part(*x, left, right) * (WIDTH - 2.0 * PAD),
                HEIGHT - PAD - part(*y, low, high) * (HEIGHT - PAD - TOP),
            )
        };
        let line: Vec<String> = self
            .curve
            .iter()
            .map(|point| {
                let (x, y) = place(point);
                format!("{x:.1},{y:.1}")
            })
            .collect();
        let sizes: Vec<u64> = self.points.iter().map(|(size, _)| *size).collect();
        let most = self.points.iter().map(|(_, fuel)| *fuel).max().unwrap_or(0);
        let ends = [sizes.iter().min(), sizes.iter().max()].map(|size| bytes(size.copied().unwrap_or(0)));
        html! {
            svg .plot role="img" aria-labelledby=(format!("{id}-title {id}-text")) viewBox=(format!("0 0 {WIDTH:.0} {:.0}", HEIGHT + AXIS)) {
                title id=(format!("{id}-title")) { "Fuel by bytes of input" }
                desc id=(format!("{id}-text")) { (self.points.len()) " sizes of input from " (ends[0]) " to " (ends[1]) "; the curve is " (visible(&self.fitted)) }
                text .lane x="0" y="12" { "fuel, at most " (count(most)) }
                line .base x1="0" x2=(WIDTH) y1=(HEIGHT) y2=(HEIGHT) {}
                polyline .curve points=(line.join(" ")) {}
                @for (point, (size, fuel)) in points.iter().zip(&self.points) {
                    @let (x, y) = place(point);
                    circle .dot cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="4" { title { (bytes(*size)) ": " (count(*fuel)) } }
                }
                text .axis x="0" y=(HEIGHT + AXIS - 4.0) { (ends[0]) }
                text .axis.end x=(WIDTH) y=(HEIGHT + AXIS - 4.0) { (ends[1]) }
            }
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "sizes are below 2^53")]
fn as_f64(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::Growth;

    #[test]
    fn every_size_is_a_point() {
        let growth = Growth {
            points: vec![(10, 100), (100, 1000), (1000, 10_000)],
            curve: vec![(10.0, 100.0), (1000.0, 10_000.0)],
            fitted: "n".into(),
            claimed: Some("<b>".into()),
            function: Some("find".into()),
        };
        let section = growth.section(1).into_string();
        assert!(section.contains("<h2 id=\"growth-2\">How cost grows: find</h2>"), "{section}");
        assert_eq!(section.matches("<circle").count(), 3);
        assert!(section.contains("points=\"14.0,186.0 346.0,28.0\""), "{section}");
        assert!(section.contains("&lt;b&gt;") && !section.contains("<b>"));
    }
}

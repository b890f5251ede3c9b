//! Pictures: scales, axes and frames, in units that are pixels where the page does not shrink them.

use maud::{Markup, html};

/// From numbers to places in the picture, in a straight line; numbers outside are drawn at the edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: [f64; 2],
    to: [f64; 2],
}

impl Scale {
    /// The number `from[0]` stands at `to[0]`, `from[1]` at `to[1]`.
    pub fn new(from: [f64; 2], to: [f64; 2]) -> Scale {
        Scale { from, to }
    }

    /// The place of a number.
    pub fn at(&self, number: f64) -> f64 {
        let share = (number - self.from[0]) / (self.from[1] - self.from[0]);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        self.to[0] + share * (self.to[1] - self.to[0])
    }
}

/// A place with one decimal at most: `12`, `12.5`.
pub(super) fn px(place: f64) -> String {
    // Adding zero makes −0 a 0.
    let tenths = (place * 10.0).round() / 10.0 + 0.0;
    format!("{tenths}")
}

/// The points as a polyline has them: `1,2 3,4.5`.
pub(super) fn points(places: impl IntoIterator<Item = (f64, f64)>) -> String {
    let places: Vec<String> = places.into_iter().map(|(x, y)| format!("{},{}", px(x), px(y))).collect();
    places.join(" ")
}

/// A picture with its name and what it shows in words, for those who do not see it. `id` is its own in the page.
pub(super) fn picture(id: &str, [width, height]: [f64; 2], title: &str, description: &str, inside: &Markup) -> Markup {
    html! {
        svg role="img" viewBox=(format!("0 0 {} {}", px(width), px(height))) width=(px(width)) height=(px(height))
            aria-labelledby=(format!("{id}-title {id}-desc")) {
            title id=(format!("{id}-title")) { (title) }
            desc id=(format!("{id}-desc")) { (description) }
            (inside)
        }
    }
}

/// Shares along one side of a plot.
pub(super) struct Axis {
    /// What they are shares of.
    pub name: &'static str,
    /// The least, in percent; the most is 100.
    pub low: u32,
    /// From one tick to the next, in percent.
    pub step: u32,
}

impl Axis {
    /// From 0 to 100 %.
    pub fn whole(name: &'static str, step: u32) -> Axis {
        Axis { name, low: 0, step }
    }

    /// From the ten below the least of the shares to 100 %.
    pub fn above(name: &'static str, shares: impl Iterator<Item = f64>) -> Axis {
        let least = shares.fold(1.0, f64::min).clamp(0.0, 1.0);
        let low = ((least * 10.0).floor() as u32 * 10).min(90);
        let step = match 100 - low {
            0..=10 => 2,
            11..=20 => 5,
            21..=50 => 10,
            _ => 20,
        };
        Axis { name, low, step }
    }

    fn ticks(&self) -> impl Iterator<Item = u32> {
        (self.low..=100).step_by(self.step as usize)
    }

    fn scale(&self, to: [f64; 2]) -> Scale {
        Scale::new([f64::from(self.low) / 100.0, 1.0], to)
    }
}

/// The rectangle in which a curve is drawn.
pub(super) struct Plot {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Plot {
    /// Grid, ticks and names of both axes; x and y scale.
    pub fn axes(&self, x: &Axis, y: &Axis) -> (Markup, Scale, Scale) {
        let across = x.scale([self.left, self.right]);
        let up = y.scale([self.bottom, self.top]);
        let middle = f64::midpoint(self.top, self.bottom);
        let drawn = html! {
            @for tick in y.ticks() {
                @let place = px(up.at(f64::from(tick) / 100.0));
                line.grid x1=(px(self.left)) x2=(px(self.right)) y1=(place) y2=(place) {}
                text x=(px(self.left - 5.0)) y=(place) dy="0.35em" text-anchor="end" { (percent(tick)) }
            }
            @for tick in x.ticks() {
                @let place = px(across.at(f64::from(tick) / 100.0));
                line.grid x1=(place) x2=(place) y1=(px(self.top)) y2=(px(self.bottom)) {}
                text x=(place) y=(px(self.bottom + 15.0)) text-anchor="middle" { (percent(tick)) }
            }
            text.axis x=(px(f64::midpoint(self.left, self.right))) y=(px(self.bottom + 31.0)) text-anchor="middle" { (x.name) }
            text.axis text-anchor="middle" transform=(format!("translate(11 {}) rotate(-90)", px(middle))) { (y.name) }
        };
        (drawn, across, up)
    }
}

fn percent(tick: u32) -> String {
    format!("{tick} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_goes_from_edge_to_edge_and_not_beyond() {
        let up = Scale::new([0.5, 1.0], [200.0, 0.0]);
        assert_eq!([0.5, 0.75, 1.0].map(|n| up.at(n)), [200.0, 100.0, 0.0]);
        assert_eq!([-1.0, 2.0].map(|n| up.at(n)), [200.0, 0.0], "outside");
        assert_eq!(up.at(f64::NAN), 200.0);
        assert_eq!(Scale::new([1.0, 1.0], [3.0, 9.0]).at(1.0), 3.0, "nothing between");
    }

    #[test]
    fn places_are_short() {
        assert_eq!([0.0, -0.01, 12.0, 12.34, 0.05].map(px), ["0", "0", "12", "12.3", "0.1"]);
        assert_eq!(points([(1.0, 2.0), (3.0, 4.5)]), "1,2 3,4.5");
    }

    #[test]
    fn an_axis_begins_at_a_round_number_below_the_least_share() {
        let axis = |share: f64| Axis::above("right", [share, 0.99].into_iter());
        let seen = [0.97, 0.85, 0.55, 0.12, 0.0, 1.0].map(|share| (axis(share).low, axis(share).step));
        assert_eq!(seen, [(90, 2), (80, 5), (50, 10), (10, 20), (0, 20), (90, 2)]);
        assert_eq!(axis(0.55).ticks().collect::<Vec<_>>(), [50, 60, 70, 80, 90, 100]);
    }

    #[test]
    fn a_picture_says_what_it_shows_and_obeys_no_label() {
        let shown = picture("p", [10.0, 5.5], "<script>", "a & b", &html! {}).into_string();
        assert_eq!(
            shown,
            "<svg role=\"img\" viewBox=\"0 0 10 5.5\" width=\"10\" height=\"5.5\" aria-labelledby=\"p-title p-desc\">\
             <title id=\"p-title\">&lt;script&gt;</title><desc id=\"p-desc\">a &amp; b</desc></svg>"
        );
    }
}

//! What drawing a logo takes, by what the reader made of it.

use resvg::tiny_skia::{self, PathSegment};
use resvg::usvg;

use super::{INTRICATE, LogoFlaw, PART, flaw};

/// Pieces of paths, over the whole picture.
const MOST_PIECES: usize = 50_000;
/// Pictures' worth of pixels that are painted over one another.
const MOST_COATS: f32 = 200.0;
/// Edges that a line across the picture meets: they are sorted in every line of it.
const MOST_EDGES: u32 = 3_000;
/// Strips of the picture in which they are counted.
const BANDS: usize = 256;
/// Text is no larger than so many pictures.
const LARGEST_TEXT: f32 = 10.0;

/// What drawing takes.
pub struct Work {
    /// The picture's own area.
    whole: tiny_skia::Rect,
    pieces: usize,
    coats: f32,
    edges: [u32; BANDS],
}

impl Work {
    /// Nothing of a picture yet.
    pub fn of(tree: &usvg::Tree) -> Work {
        let size = tree.size();
        let whole = tiny_skia::Rect::from_xywh(0.0, 0.0, size.width(), size.height());
        let whole =
            whole.unwrap_or_else(|| tiny_skia::Rect::from_xywh(0.0, 0.0, 1.0, 1.0).expect("a square"));
        Work { whole, pieces: 0, coats: 0.0, edges: [0; BANDS] }
    }

    /// Adds all that a group draws.
    pub fn add_group(&mut self, group: &usvg::Group) -> Result<(), LogoFlaw> {
        if !group.filters().is_empty() {
            return Err(flaw(PART, "filter"));
        }
        if group.should_isolate() {
            self.add_coat(group.abs_stroke_bounding_box());
        }
        let mut clip = group.clip_path();
        while let Some(path) = clip {
            self.coats += 1.0;
            self.add_group(path.root())?;
            clip = path.clip_path();
        }
        let mut mask = group.mask();
        while let Some(path) = mask {
            self.coats += 1.0;
            self.add_group(path.root())?;
            mask = path.mask();
        }
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => self.add_group(group)?,
                usvg::Node::Path(path) => self.add_path(path)?,
                usvg::Node::Text(text) => self.add_text(text)?,
                usvg::Node::Image(_) => return Err(flaw(PART, "<image>")),
            }
        }
        let is_crowded = self.edges.iter().any(|edges| *edges > MOST_EDGES);
        match self.pieces > MOST_PIECES || self.coats > MOST_COATS || is_crowded {
            true => Err(flaw(INTRICATE, "")),
            false => Ok(()),
        }
    }

    fn add_text(&mut self, text: &usvg::Text) -> Result<(), LogoFlaw> {
        let area = text.abs_stroke_bounding_box();
        let most = LARGEST_TEXT * self.whole.width().max(self.whole.height());
        match area.width() > most || area.height() > most {
            true => Err(flaw(PART, "<text>")),
            false => self.add_group(text.flattened()),
        }
    }

    fn add_path(&mut self, path: &usvg::Path) -> Result<(), LogoFlaw> {
        // A dash can be as short as one likes.
        if path.stroke().is_some_and(|stroke| stroke.dasharray().is_some()) {
            return Err(flaw(PART, "stroke-dasharray"));
        }
        self.pieces += path.data().len();
        self.add_edges(path);
        self.add_coat(path.abs_stroke_bounding_box());
        Ok(())
    }

    /// What a path adds to the edges that a line across the picture meets. A curve has those of its handles; a stroke
    /// has two sides, and a join or cap at every point.
    fn add_edges(&mut self, path: &usvg::Path) {
        let transform = path.abs_transform();
        let (across, along) = transform.get_scale();
        let stroke = path.stroke().map(|stroke| stroke.width().get() * across.max(along));
        let height_of = |mut point: tiny_skia::Point| {
            transform.map_point(&mut point);
            point.y
        };
        let (mut first, mut last) = (0.0, 0.0);
        for segment in path.data().segments() {
            let corners: &[tiny_skia::Point] = match &segment {
                PathSegment::MoveTo(to) => {
                    (first, last) = (height_of(*to), height_of(*to));
                    continue;
                }
                PathSegment::LineTo(to) => &[*to],
                PathSegment::QuadTo(handle, to) => &[*handle, *to],
                PathSegment::CubicTo(one, other, to) => &[*one, *other, *to],
                PathSegment::Close => &[],
            };
            for corner in corners {
                let next = height_of(*corner);
                self.add_edge(last, next, stroke);
                last = next;
            }
            if corners.is_empty() {
                self.add_edge(last, first, stroke);
                last = first;
            }
        }
    }

    /// An edge from one height to another, with what its stroke adds.
    fn add_edge(&mut self, from: f32, to: f32, stroke: Option<f32>) {
        let band = |height: f32| {
            (height / self.whole.height() * BANDS as f32).clamp(0.0, BANDS as f32 - 1.0) as usize
        };
        let half = stroke.unwrap_or(0.0) / 2.0;
        let (upper, lower) = (band(from.min(to) - half), band(from.max(to) + half));
        let edges = if stroke.is_some() { 6 } else { 1 };
        self.edges[upper..=lower].iter_mut().for_each(|count| *count += edges);
    }

    fn add_coat(&mut self, area: tiny_skia::Rect) {
        let area_of = |area: tiny_skia::Rect| area.width() * area.height();
        let inside = area.intersect(&self.whole).map_or(0.0, area_of);
        self.coats += inside / area_of(self.whole).max(f32::MIN_POSITIVE);
    }
}

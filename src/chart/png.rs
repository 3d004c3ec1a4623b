//! PNG: a picture's SVG in pixels, with a palette.
//!
//! A chart is flat colours and the edges of letters. Edges are kept in a few steps and every flat colour as it is, so
//! that a byte a pixel is enough: such a file is half as large as one with all colours.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, LazyLock};

use foldhash::fast::FixedState;
use png::{BitDepth, ColorType, DeflateCompression, Encoder, Filter};
use resvg::{tiny_skia, usvg};

use super::theme::{BOLD, REGULAR, WIDE};

/// So many pixels a CSS pixel: a column of print is narrow and read closely, a slide is neither and has 1280 of them.
fn scale_of(width: f32) -> f32 {
    if width < WIDE.width as f32 { 2.0 } else { 4.0 / 3.0 }
}

/// The fonts of pictures; none of the machine's.
pub(super) static FONT_DATABASE: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut database = usvg::fontdb::Database::new();
    database.load_font_data(REGULAR.to_vec());
    database.load_font_data(BOLD.to_vec());
    database.set_sans_serif_family("Liberation Sans");
    Arc::new(database)
});

/// One of our own SVGs as PNG.
pub fn png_of(svg: &str) -> Vec<u8> {
    let options = usvg::Options {
        font_family: "Liberation Sans".into(),
        fontdb: FONT_DATABASE.clone(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).expect("our own SVG is well-formed");
    let scale = scale_of(tree.size().width());
    let size = tree.size().to_int_size().scale_by(scale).expect("our own pictures have a size");
    let mut drawn = tiny_skia::Pixmap::new(size.width(), size.height()).expect("they are not large");
    drawn.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut drawn.as_mut());
    let (palette, indices) = indexed(drawn.pixels(), |it| [it.red(), it.green(), it.blue()]);
    encoded(size.width(), size.height(), &palette, &indices).expect("writing into memory does not fail")
}

fn encoded(
    width: u32,
    height: u32,
    palette: &[Colour],
    indices: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    /// More takes several times as long for a tenth.
    const LEVEL: u8 = 6;
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.concat());
    // Differences between numbers of colours mean nothing (PNG 3, 12.7).
    encoder.set_filter(Filter::NoFilter);
    encoder.set_deflate_compression(DeflateCompression::Level(LEVEL));
    encoder.write_header()?.write_image_data(indices)?;
    Ok(bytes)
}

/// Red, green and blue.
type Colour = [u8; 3];

/// Pixels as numbers of colours in a palette.
fn indexed<P: PartialEq>(pixels: &[P], colour_of: impl Fn(&P) -> Colour) -> (Vec<Colour>, Vec<u8>) {
    /// Eight steps from one colour to another: between letter and paper nobody sees more. The last way always fits.
    const WAYS: [Steps; 3] =
        [Steps { bits: 3, flat: true }, Steps { bits: 2, flat: true }, Steps { bits: 2, flat: false }];
    // Most pixels are as the one before.
    let runs = pixels.chunk_by(|one, other| one == other);
    let runs: Vec<(Colour, usize)> = runs.map(|run| (colour_of(&run[0]), run.len())).collect();
    let seen = seen(&runs);
    let found = WAYS.into_iter().find_map(|steps| palette(&seen, steps));
    let (palette, numbers) = found.expect("two bits a channel are 64 colours");
    let mut indices = Vec::with_capacity(pixels.len());
    for (colour, length) in runs {
        indices.resize(indices.len() + length, numbers[&colour]);
    }
    (palette, indices)
}

/// How colours are taken together.
#[derive(Clone, Copy)]
struct Steps {
    /// Those that agree in so many first bits of each part.
    bits: u32,
    /// But for flat ones.
    flat: bool,
}

/// A colour of a picture.
struct Seen {
    pixels: usize,
    colour: Colour,
    /// Whether so much of it lies in one row that it is no edge.
    is_flat: bool,
}

/// The colours of a picture, the most frequent first.
fn seen(runs: &[(Colour, usize)]) -> Vec<Seen> {
    const FLAT: usize = 12;
    let mut counts: HashMap<Colour, (usize, usize), FixedState> = HashMap::default();
    for (colour, length) in runs {
        let (pixels, longest) = counts.entry(*colour).or_default();
        *pixels += length;
        *longest = (*length).max(*longest);
    }
    let all = counts.into_iter();
    let all = all.map(|(colour, (pixels, longest))| Seen { pixels, colour, is_flat: longest >= FLAT });
    let mut all: Vec<Seen> = all.collect();
    all.sort_unstable_by_key(|it| (Reverse(it.pixels), it.colour));
    all
}

/// A palette, and the number in it of every colour; none when there are too many. An entry is the most frequent of
/// the colours that share it.
fn palette(seen: &[Seen], steps: Steps) -> Option<(Vec<Colour>, HashMap<Colour, u8, FixedState>)> {
    let mut palette = Vec::new();
    let mut entries: HashMap<(bool, Colour), u8, FixedState> = HashMap::default();
    let mut numbers = HashMap::default();
    for Seen { colour, is_flat, .. } in seen {
        let is_own = *is_flat && steps.flat;
        let key = if is_own { *colour } else { colour.map(|part| part >> (8 - steps.bits)) };
        let number = match entries.entry((is_own, key)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                palette.push(*colour);
                *new.insert(u8::try_from(palette.len() - 1).ok()?)
            }
        };
        numbers.insert(*colour, number);
    }
    Some((palette, numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_colours_stay_and_edges_are_taken_together() {
        let row = |colour: Colour| vec![colour; 40];
        let (paper, band, ink) = ([255, 255, 255], [238, 241, 244], [26, 26, 26]);
        let edges: Vec<Colour> = (27..238).map(|grey| [grey, grey, grey]).collect();
        let pixels = [row(paper), row(band), edges, row(ink)].concat();
        let (palette, indices) = indexed(&pixels, |colour| *colour);
        let shown: Vec<Colour> = indices.iter().map(|number| palette[usize::from(*number)]).collect();
        for (is, was) in shown.iter().zip(&pixels) {
            let apart = is.iter().zip(was).map(|(is, was)| is.abs_diff(*was)).max();
            assert!(apart < Some(32), "{was:?} is shown as {is:?}");
            assert!(is == was || ![paper, band, ink].contains(was), "{was:?} is shown as {is:?}");
        }
        assert!((8..=12).contains(&palette.len()), "{palette:?}");
    }

    #[test]
    fn a_picture_of_any_colours_has_a_palette() {
        for flat in [1, 20] {
            let colours = (0..4096_u32).map(|number| [number << 4, number >> 4 << 4, number >> 8 << 4]);
            let colours = colours.map(|parts| parts.map(|part| part as u8));
            let pixels: Vec<Colour> = colours.flat_map(|colour| vec![colour; flat]).collect();
            let (palette, indices) = indexed(&pixels, |colour| *colour);
            assert!(palette.len() <= 64 && indices.len() == pixels.len(), "{}", palette.len());
        }
    }
}

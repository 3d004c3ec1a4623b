//! Drawings: pictures, their size and how they fill a frame.

/// English metric units, of which a twentieth of a point has 635.
pub const EMU: i64 = 635;

/// How large a picture is, whatever the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
}

impl Picture {
    /// The size that a PNG says it has; nothing when it is no PNG.
    pub fn png(bytes: &[u8]) -> Option<Picture> {
        let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
        let number = |at: usize| Some(u32::from_be_bytes(rest.get(at..at + 4)?.try_into().ok()?));
        let picture = Picture { width: number(0)?, height: number(4)? };
        let sane = 1..=100_000;
        (sane.contains(&picture.width) && sane.contains(&picture.height)).then_some(picture)
    }

    /// As large as fits into a box of twentieths of a point, in metric units.
    pub fn within(self, width: i32, height: i32) -> (i64, i64) {
        let (own_width, own_height) = (i64::from(self.width), i64::from(self.height));
        let (width, height) = (i64::from(width) * EMU, i64::from(height) * EMU);
        if own_width * height >= own_height * width {
            (width, (width * own_height / own_width).max(1))
        } else {
            ((height * own_width / own_height).max(1), height)
        }
    }
}

/// A picture that fills a frame at a place; `prefix` is that of the frame's format.
pub fn filled(prefix: &str, relation: &str, (x, y): (i64, i64), (width, height): (i64, i64)) -> String {
    format!(
        "<{prefix}:blipFill><a:blip r:embed=\"{relation}\"/><a:stretch><a:fillRect/></a:stretch>\
         </{prefix}:blipFill>\
         <{prefix}:spPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></{prefix}:spPr>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_keep_their_shape() {
        assert_eq!(Picture { width: 880, height: 800 }.within(6236, 12000), (3_959_860, 3_599_872));
        assert_eq!(Picture { width: 1, height: 100_000 }.within(6236, 100), (1, 63_500));
    }

    #[test]
    fn only_a_png_has_a_size() {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x70\0\0\x03\x20".to_vec();
        assert_eq!(Picture::png(&bytes), Some(Picture { width: 880, height: 800 }));
        bytes.truncate(20);
        assert_eq!(Picture::png(&bytes), None);
        assert_eq!(Picture::png(b"GIF89a"), None);
    }
}

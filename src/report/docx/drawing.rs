//! Drawings: pictures in a line of text.

use super::xml::escaped;

/// English metric units, of which Word counts 635 in a twentieth of a point.
const EMU: i64 = 635;

/// How large a picture is, whatever the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Picture {
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

/// A run with a picture. The description is what is read to those who do not see it.
pub(super) fn inline(
    (width, height): (i64, i64),
    relation: &str,
    id: usize,
    name: &str,
    description: &str,
) -> String {
    let (name, description) = (escaped(name), escaped(description));
    format!(
        "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
         <wp:extent cx=\"{width}\" cy=\"{height}\"/>\
         <wp:docPr id=\"{id}\" name=\"{name}\" descr=\"{description}\"/>\
         <wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr>\
         <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
         <pic:nvPicPr><pic:cNvPr id=\"{id}\" name=\"{name}\" descr=\"{description}\"/><pic:cNvPicPr/>\
         </pic:nvPicPr>\
         <pic:blipFill><a:blip r:embed=\"{relation}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
         <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>\
         </pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
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

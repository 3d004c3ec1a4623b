//! Pictures in a line of text.

use crate::report::office::drawing::filled;
use crate::report::office::xml::escaped;

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
         {}\
         </pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        filled("pic", relation, (0, 0), (width, height))
    )
}

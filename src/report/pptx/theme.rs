//! The theme: the colours and the font that a program offers to those who change the slides.

use crate::report::look::Look;
use crate::report::office::package::{HEAD, Part};

/// Every theme needs three of each: fills, lines, effects and grounds.
const FORMATS: &str = "<a:fillStyleLst><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>\
    <a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>\
    <a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:fillStyleLst>\
    <a:lnStyleLst><a:ln w=\"9525\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln>\
    <a:ln w=\"19050\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln>\
    <a:ln w=\"28575\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln></a:lnStyleLst>\
    <a:effectStyleLst><a:effectStyle><a:effectLst/></a:effectStyle>\
    <a:effectStyle><a:effectLst/></a:effectStyle><a:effectStyle><a:effectLst/></a:effectStyle>\
    </a:effectStyleLst>\
    <a:bgFillStyleLst><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>\
    <a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>\
    <a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:bgFillStyleLst>";

/// The colours of charts, for what is added beside them.
const ACCENTS: [&str; 5] = ["A54C00", "6F97BF", "5E1224", "7A4E9C", "006B5E"];

/// The theme of the slides, or of what the speaker says: each master has one of its own.
pub fn theme(number: usize, look: &Look) -> Part {
    let (ink, ground) = (look.ink(), look.ground());
    let colour = |name: &str, hex: &str| format!("<a:{name}><a:srgbClr val=\"{hex}\"/></a:{name}>");
    let named = [("dk1", "1A1A1A"), ("lt1", "FFFFFF"), ("dk2", &*ink), ("lt2", &*ground), ("accent1", &*ink)];
    let mut colours: String = named.iter().map(|(name, hex)| colour(name, hex)).collect();
    for (number, hex) in (2..).zip(ACCENTS) {
        colours.push_str(&colour(&format!("accent{number}"), hex));
    }
    colours.push_str(&(colour("hlink", &ink) + &colour("folHlink", &ink)));
    let font = "<a:latin typeface=\"Arial\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/>";
    let xml = format!(
        "{HEAD}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"frist\">\
         <a:themeElements><a:clrScheme name=\"frist\">{colours}</a:clrScheme>\
         <a:fontScheme name=\"frist\"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont>\
         </a:fontScheme><a:fmtScheme name=\"frist\">{FORMATS}</a:fmtScheme></a:themeElements></a:theme>"
    );
    let kind = "application/vnd.openxmlformats-officedocument.theme+xml";
    Part::xml(format!("ppt/theme/theme{number}.xml"), kind, xml)
}

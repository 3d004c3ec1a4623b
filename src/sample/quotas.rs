//! Quotas: how many cases of the small set are late, control by control and tertial by tertial.

/// One control's cases of one tertial.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    /// The tertial.
    pub period: &'static str,
    /// Cases in all.
    pub cases: u32,
    /// Late by the lawful method.
    pub deviations: u32,
    /// Late only by the reference method, for the control where the source report has it.
    pub only_reference: u32,
}

const fn quota(period: &'static str, cases: u32, deviations: u32, only_reference: u32) -> Quota {
    Quota { period, cases, deviations, only_reference }
}

/// The small set. The last two tertials of each control are the source report's (Internkontrollrapport per
/// augusti 2024): its cases and deviations, and for the tertial before a ratio that rounds to its share.
pub const QUOTAS: [(&str, [Quota; 8]); 5] = [
    (
        "child-investigation",
        [
            quota("2022-T1", 276, 99, 35),
            quota("2022-T2", 251, 93, 31),
            quota("2022-T3", 287, 112, 35),
            quota("2023-T1", 298, 119, 36),
            quota("2023-T2", 268, 104, 33),
            quota("2023-T3", 305, 122, 37),
            quota("2024-T1", 312, 117, 36),
            quota("2024-T2", 319, 110, 37),
        ],
    ),
    (
        "preliminary-assessment",
        [
            quota("2022-T1", 1098, 45, 0),
            quota("2022-T2", 963, 41, 0),
            quota("2022-T3", 1104, 52, 0),
            quota("2023-T1", 1187, 66, 0),
            quota("2023-T2", 1012, 58, 0),
            quota("2023-T3", 1196, 84, 0),
            quota("2024-T1", 1271, 75, 0),
            quota("2024-T2", 1218, 41, 0),
        ],
    ),
    (
        "cooperation-talks",
        [
            quota("2022-T1", 52, 4, 0),
            quota("2022-T2", 47, 4, 0),
            quota("2022-T3", 55, 3, 0),
            quota("2023-T1", 61, 5, 0),
            quota("2023-T2", 49, 6, 0),
            quota("2023-T3", 58, 5, 0),
            quota("2024-T1", 62, 4, 0),
            quota("2024-T2", 63, 6, 0),
        ],
    ),
    (
        "safety-assessment",
        [
            quota("2022-T1", 1080, 3, 0),
            quota("2022-T2", 951, 2, 0),
            quota("2022-T3", 1088, 4, 0),
            quota("2023-T1", 1169, 3, 0),
            quota("2023-T2", 998, 1, 0),
            quota("2023-T3", 1177, 2, 0),
            quota("2024-T1", 1249, 0, 0),
            quota("2024-T2", 1204, 0, 0),
        ],
    ),
    (
        "unenforced-decision",
        [
            quota("2022-T1", 301, 15, 0),
            quota("2022-T2", 288, 12, 0),
            quota("2022-T3", 309, 17, 0),
            quota("2023-T1", 336, 19, 0),
            quota("2023-T2", 318, 14, 0),
            quota("2023-T3", 341, 22, 0),
            quota("2024-T1", 352, 25, 0),
            quota("2024-T2", 373, 9, 0),
        ],
    ),
];

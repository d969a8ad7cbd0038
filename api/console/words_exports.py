"""Words of the pages from which figures are taken away in files."""

from api.console.wording import Words

WORDS = {
    "exp_figures": Words("导出", "Export"),
    "exp_figures_of": Words(
        "导出 {term} 的指标 ({form}), 含覆盖率、修订、因子集与哈希",
        "Export the figures of {term} ({form}) with coverage, revisions, factor sets and a hash",
    ),
    "exp_sheet_pdf": Words("下载 PDF", "Download as PDF"),
}

/// How pages look: quiet, in the reader's own fonts, light or dark as the reader's system is.
enum PageStyle {
    static let text = """
        :root{--ink:#1d2329;--quiet:#5b6670;--line:#dde2e6;--paper:#fff;--tint:#f5f7f8;\
        --bar:#4c7fa6;--resell:#3f8f5f;--refurbish:#c08a1e;--reject:#b9483f;\
        --human_review:#7a5ea8;--retake:#3c8f9c;--unreadable:#8a939b}
        @media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--quiet:#9aa5ae;--line:#333b42;\
        --paper:#14181b;--tint:#1b2024;--bar:#6fa3cc;--resell:#5fb985;--refurbish:#dcae4a;\
        --reject:#dd7268;--human_review:#a68cd6;--retake:#5fb8c6;--unreadable:#7b858d}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);\
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        main{max-width:66rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
        h1{font-size:1.7rem;font-weight:650;line-height:1.2;margin:0 0 .3rem;letter-spacing:-.01em}
        h2{font-size:1.15rem;font-weight:650;margin:2.8rem 0 .3rem}
        h3{font-size:.95rem;font-weight:650;margin:0}
        p{margin:.3rem 0 .8rem;max-width:46rem}
        .quiet,figcaption,caption{color:var(--quiet)}
        .small,figcaption,caption{font-size:.85rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;\
        margin:1.5rem 0 0;padding:0;list-style:none}
        .tiles li{background:var(--tint);border-radius:.5rem;padding:.8rem 1rem}
        .tiles strong{display:block;font-size:1.45rem;font-weight:600;line-height:1.25;\
        font-variant-numeric:tabular-nums}
        .tiles span{color:var(--quiet);font-size:.85rem}
        figure{margin:1rem 0 0}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(22rem,1fr));gap:2rem}
        svg{display:block;width:100%;height:auto;max-width:44rem;overflow:visible}
        svg text{fill:var(--ink);font-size:12px;font-family:inherit}
        svg .quiet{fill:var(--quiet)}
        svg .axis{stroke:var(--line);stroke-width:1;fill:none}
        svg .bar{fill:var(--bar)}svg .curve{stroke:var(--bar);stroke-width:2;fill:none}
        svg .band{fill:var(--bar);opacity:.16}svg .dot{fill:var(--bar)}
        svg .whisker{stroke:var(--bar);stroke-width:2}
        svg .resell{fill:var(--resell)}svg .refurbish{fill:var(--refurbish)}
        svg .reject{fill:var(--reject)}svg .human_review{fill:var(--human_review)}
        svg .retake{fill:var(--retake)}svg .unreadable{fill:var(--unreadable)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;margin:.6rem 0 0;font-variant-numeric:tabular-nums;\
        font-size:.92rem}
        th,td{text-align:left;vertical-align:top;padding:.32rem 1.1rem .32rem 0;\
        border-bottom:1px solid var(--line)}
        th{font-weight:600}thead th{color:var(--quiet);font-weight:500;font-size:.85rem}
        td.number,th.number{text-align:right;white-space:nowrap}
        td.name{overflow-wrap:anywhere;max-width:28rem}
        .mono{font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace;\
        font-size:.84rem;overflow-wrap:anywhere}
        caption{text-align:left;padding-bottom:.2rem}
        details{margin:.8rem 0 0}summary{cursor:pointer;color:var(--quiet);font-size:.9rem}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1.1rem;\
        margin:1rem 0 0;padding:0;list-style:none}
        .cards>li{border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
        .views{display:grid;grid-template-columns:1fr 1fr;gap:1px;background:var(--line)}
        .views img{display:block;width:100%;height:8.5rem;object-fit:contain;background:var(--tint)}
        .none{padding:3.4rem 1rem;text-align:center;color:var(--quiet);background:var(--tint);\
        font-size:.85rem;grid-column:1/3}
        .about{padding:.7rem .9rem .8rem;font-size:.88rem}
        .about .name{overflow-wrap:anywhere}
        .tag{display:inline-block;padding:0 .5rem;border-radius:1rem;font-size:.8rem;\
        font-weight:600;border:1.5px solid currentColor}
        .tag.resell{color:var(--resell)}.tag.refurbish{color:var(--refurbish)}
        .tag.reject{color:var(--reject)}.tag.human_review{color:var(--human_review)}
        .tag.retake{color:var(--retake)}
        footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line)}
        @media print{:root{color-scheme:light}body{font-size:11pt}main{max-width:none;padding:0}\
        .cards>li,figure,tr{break-inside:avoid}h2{break-after:avoid}details>*{display:block}}
        """
}

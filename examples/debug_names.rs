//! dbg
use onrecord::*;
fn main() {
    let g = gazetteer::Gazetteer::embedded().unwrap();
    let m = mention::Model::load(&g).unwrap();
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let a = model::Article { id: "x".into(), text, ..Default::default() };
    let s = text::segment(&a, &g);
    for (i, l) in mention::lattices(&s, &g, &[&m.first, &m.second]).iter().enumerate() {
        let base = s.sentences[i].tokens.start;
        let (ins, out) = l.scores(&m.second);
        let p = l.posterior(&ins, &out);
        for (c, ch) in l.choices.iter().enumerate() {
            for k in 0..3 {
                if p.of(c, k) > 0.03 {
                    let sp = s.span(base + ch.start as usize..base + ch.end as usize);
                    let mut r: Vec<(f32, &str)> =
                        l.evidence(ch).iter().map(|r| (m.second.get(*r, k), m.second.name(*r))).collect();
                    r.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
                    println!(
                        "{:.2} {} {:?} {:.2} {:?}",
                        p.of(c, k),
                        k,
                        &s.text[sp.start..sp.end],
                        ins[c * 3 + k],
                        &r[..r.len().min(14)]
                    );
                }
            }
        }
        for t in 0..l.tokens {
            if !l.outside_evidence(t).is_empty() {
                let mut r: Vec<(f32, &str)> =
                    l.outside_evidence(t).iter().map(|r| (m.second.get(*r, 3), m.second.name(*r))).collect();
                r.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
                println!(
                    "   out {:?} p={:.2} {:.2} {:?}",
                    s.word(base + t),
                    p.outside[t],
                    out[t],
                    &r[..r.len().min(8)]
                );
            }
        }
    }
}

/// How several answers to one question become the one that stands.
///
/// 1. Fewer answers than needed: another reviewer is asked.
/// 2. Exactly as many as needed: they decide if they are unanimous.
/// 3. Otherwise a further reviewer is asked, until one outcome has more answers than any other.
///
/// It ends after at most 4 × ⌈needed ÷ 2⌉ + 1 answers: a tie has at most ⌈needed ÷ 2⌉ answers for
/// each of the four outcomes a reviewer can give, and the next answer then leads.
public enum ReviewSettlement {
    /// The outcome that stands; nil while another reviewer has to answer.
    ///
    /// - Parameters:
    ///   - answers: All answers so far, in any order.
    ///   - needed: How many reviewers have to answer at least, from 1.
    public static func outcome(of answers: [Outcome], needed: Int) -> Outcome? {
        guard answers.count >= needed, let first = answers.first else { return nil }
        if answers.allSatisfy({ $0 == first }) { return first }
        guard answers.count > needed else { return nil }
        let counts = answers.reduce(into: [Outcome: Int]()) { $0[$1, default: 0] += 1 }
        let most = counts.values.max()
        let leaders = counts.filter { $0.value == most }
        return leaders.count == 1 ? leaders.first?.key : nil
    }
}

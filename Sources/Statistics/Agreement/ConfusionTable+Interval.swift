extension ConfusionTable {
    /// The large-sample interval of ``kappa``, for two raters of the same cases.
    ///
    /// Too narrow for few pairs; below 30 or so read it as a hint.
    ///
    /// - Parameter confidence: Above 0 and below 1.
    /// - Returns: Within −1…1; nil where ``kappa`` is.
    /// - SeeAlso: Fleiss, Cohen and Everitt 1969, doi 10.1037/h0028106, equation 10.
    public func kappaInterval(confidence: Double = 0.95) -> Interval? {
        guard let kappa, let error = kappaStandardError else { return nil }
        let z = NormalDistribution.quantile(1 - (1 - confidence) / 2)
        return Interval(lower: max(-1, kappa - z * error), upper: min(1, kappa + z * error))
    }

    /// The large-sample standard error of ``kappa``; nil where that is.
    public var kappaStandardError: Double? {
        guard let kappa else { return nil }
        let total = Double(count)
        let shares = counts.map { $0.map { Double($0) / total } }
        let rows = shares.map { $0.reduce(0, +) }
        let columns = shares.indices.map { column in shares.reduce(0) { $0 + $1[column] } }
        let chance = shares.indices.reduce(0.0) { $0 + rows[$1] * columns[$1] }
        let disagreement = 1 - kappa
        var variance = 0.0
        for row in shares.indices {
            for column in shares.indices {
                let share = shares[row][column]
                if row == column {
                    let term = 1 - (rows[row] + columns[row]) * disagreement
                    variance += share * term * term
                } else {
                    let term = (columns[row] + rows[column]) * disagreement
                    variance += share * term * term
                }
            }
        }
        let correction = kappa - chance * disagreement
        variance -= correction * correction
        return (max(variance, 0) / total).squareRoot() / (1 - chance)
    }
}

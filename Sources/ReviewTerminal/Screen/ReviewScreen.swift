package import ReturnsDomain

/// Draws a session's state as a frame.
package enum ReviewScreen {
    /// The frame; pure, so that the same state gives the same screen.
    ///
    /// - Parameter date: The present by the wall clock, which due times are compared with.
    package static func frame(of session: ReviewSession, date: Timestamp) -> Frame {
        var frame = Frame(size: session.size)
        let layout = ScreenLayout(size: session.size)
        guard layout.isLargeEnough else {
            let size = session.size
            frame.put("the terminal is too small:", row: 0, column: 0)
            frame.put(
                "\(size.columns)x\(size.rows), need \(ScreenLayout.smallest.columns)x"
                    + "\(ScreenLayout.smallest.rows)", row: 1, column: 0)
            return frame
        }
        drawBar(on: &frame, session, date: date)
        if let held = session.current {
            drawPicture(on: &frame, session, held, layout)
            drawRecord(on: &frame, session, held, layout)
        } else {
            drawEmptiness(on: &frame, session, layout)
        }
        switch session.mode {
        case .help: HelpPanel.draw(on: &frame, session.terms.keys)
        case .choosingReason(let outcome):
            ReasonPanel.draw(on: &frame, session, outcome, layout.record)
        case .looking, .commenting: break
        }
        drawFoot(on: &frame, session)
        return frame
    }

    private static func drawBar(
        on frame: inout Frame, _ session: ReviewSession, date: Timestamp
    ) {
        frame.fill(row: 0, columns: 0..<frame.size.columns, style: .bar)
        var left = " regrade review · \(session.terms.reviewer)"
        var right = ""
        if let held = session.current {
            let due = held.record.task.dueAt.millisecondsSince1970 - date.millisecondsSince1970
            left += " · \(dueText(.milliseconds(due)))"
            right = held.isLost ? "LEASE LOST " : "lease \(time(held.leasedUntil - session.now)) "
        }
        let count = session.tally.decidedCount
        left += " · \(count) decided"
        let rightGlyphs = DisplayText.glyphs(of: right)
        let start = frame.size.columns - rightGlyphs.width
        frame.put(
            TextLayout.clipped(left, width: start - 1), row: 0, column: 0, style: .bar)
        frame.put(rightGlyphs, row: 0, column: start, style: .bar)
    }

    private static func drawPicture(
        on frame: inout Frame, _ session: ReviewSession, _ held: HeldCase, _ layout: ScreenLayout
    ) {
        let place = layout.picture
        let key = held.pictureKey(place: layout.picturePlace)
        let picture = key.flatMap { session.pictures[$0] }
        if let key, let picture {
            put(picture, key, in: place, on: &frame)
        } else {
            let open = session.terms.keys.key(for: .open)?.description ?? ""
            let text =
                switch held.photos {
                case _ where !session.terms.showsPictures:
                    "This terminal shows too few colours for pictures. regrade review --open "
                        + "shows every photo in a viewer."
                case .loading: "the photos are being fetched …"
                case .missing(let why): "no photo: \(why)"
                case .ready: "the picture is being drawn … (\(open) opens a viewer)"
                }
            let lines = TextLayout.lines(of: text, width: place.columns - 2)
            for (index, line) in lines.enumerated() where index < place.rows {
                frame.put(
                    line, row: place.row + place.rows / 2 - 1 + index, column: place.column + 1,
                    style: .dim, end: place.column + place.columns)
            }
        }
        drawCaption(on: &frame, held, place)
    }

    private static func put(
        _ picture: PreparedPicture, _ key: PictureKey, in place: CellRectangle,
        on frame: inout Frame
    ) {
        let size = picture.size
        let row = place.row + max(0, (place.rows - size.rows) / 2)
        let column = place.column + max(0, (place.columns - size.columns) / 2)
        switch picture {
        case .png(_, let bytes):
            frame.picture = PlacedPicture(
                row: row, column: column, size: size, bytes: bytes, key: key)
        case .halfBlocks(_, let pixels):
            for y in 0..<min(size.rows, place.rows) {
                for x in 0..<min(size.columns, place.columns) {
                    let upper = pixels[2 * y * size.columns + x]
                    let lower = pixels[(2 * y + 1) * size.columns + x]
                    frame[row + y, column + x] = Cell(
                        text: HalfBlock.text,
                        style: CellStyle(foreground: .rgb(upper), background: .rgb(lower)))
                }
            }
        }
    }

    private static func drawCaption(
        on frame: inout Frame, _ held: HeldCase, _ place: CellRectangle
    ) {
        guard let index = held.photoIndex else { return }
        let view = held.record.task.adjudication.photos.first { $0.index == index }?.view
        var text = "photo \(held.shownPhoto + 1)/\(held.photoIndexes.count)"
        text += view.map { " \($0.rawValue)" } ?? ""
        switch held.heatMaps {
        case .ready where held.showsHeatMap: text += " · heat map"
        case .loading where held.showsHeatMap: text += " · heat map is being computed"
        default: break
        }
        frame.put(
            TextLayout.clipped(text, width: place.columns), row: place.row + place.rows,
            column: place.column, style: .dim)
    }

    private static func drawRecord(
        on frame: inout Frame, _ session: ReviewSession, _ held: HeldCase, _ layout: ScreenLayout
    ) {
        let place = layout.record
        let lines = RecordLines.lines(
            of: held.record, size: session.size, position: held.shownPhoto)
        let first = min(held.scroll, max(0, lines.count - place.rows))
        for (index, line) in lines.dropFirst(first).prefix(place.rows).enumerated() {
            var column = place.column
            for (glyphs, style) in line.parts {
                column = frame.put(
                    glyphs, row: place.row + index, column: column, style: style,
                    end: place.column + place.columns)
            }
        }
        let hiddenCount = lines.count - first - place.rows
        let more = [first > 0 ? "▲ \(first)" : "", hiddenCount > 0 ? "▼ \(hiddenCount)" : ""]
            .filter { !$0.isEmpty }.joined(separator: " ")
        guard !more.isEmpty else { return }
        let glyphs = DisplayText.glyphs(of: " " + more)
        frame.put(
            glyphs, row: place.row + place.rows - 1,
            column: place.column + place.columns - glyphs.width, style: .dim)
    }

    private static func drawEmptiness(
        on frame: inout Frame, _ session: ReviewSession, _ layout: ScreenLayout
    ) {
        let text: String
        if session.isEnding {
            text = "Giving back what is held …"
        } else if session.isLeasing, !session.queueIsEmpty {
            text = "Looking for the next case …"
        } else if session.skipped.isEmpty {
            text = "Nothing waits for a person. A new case appears here by itself."
        } else {
            text = "Nothing waits but what you released. A new case appears here by itself."
        }
        let width = min(frame.size.columns - 4, 60)
        for (index, line) in TextLayout.lines(of: text, width: width).enumerated() {
            frame.put(line, row: frame.size.rows / 2 - 1 + index, column: 2)
        }
    }

    private static func drawFoot(on frame: inout Frame, _ session: ReviewSession) {
        let row = frame.size.rows - 2
        let width = frame.size.columns
        if case .commenting(let editor, let pending) = session.mode {
            let label = "comment: "
            let start = frame.put(label, row: row, column: 0, style: .bold)
            let (glyphs, cursor) = editor.window(width: width - start)
            frame.put(glyphs, row: row, column: start)
            frame.cursor = (row, start + cursor)
            let what = pending == nil ? "keeps it" : "decides"
            let hint = session.notice.map { " · \($0.text)" } ?? ""
            frame.put(
                TextLayout.clipped("enter \(what) · escape leaves\(hint)", width: width),
                row: row + 1, column: 0, style: .dim)
            return
        }
        if let notice = session.notice {
            frame.put(
                TextLayout.clipped(notice.text, width: width), row: row, column: 0,
                style: notice.style)
        } else if let comment = session.current.flatMap({ session.comments[$0.id] }) {
            frame.put(
                TextLayout.clipped("comment: \(comment)", width: width), row: row, column: 0)
        }
        frame.put(
            TextLayout.clipped(KeyHints.text(session.terms.keys, session.mode), width: width),
            row: row + 1, column: 0, style: .dim)
    }

    private static func dueText(_ left: Duration) -> String {
        left < .zero ? "overdue by \(time(.zero - left))" : "due in \(time(left))"
    }

    /// `14 min`, `95 s`, `3 h`, `2 d`: whole, so that a minute is drawn once a minute.
    static func time(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86400) d"
        }
    }
}

extension ReviewSession.Notice {
    fileprivate var style: CellStyle {
        switch kind {
        case .done: CellStyle(foreground: .green)
        case .warning: CellStyle(foreground: .yellow)
        case .trouble: CellStyle(foreground: .red, isBold: true, isReversed: true)
        }
    }
}

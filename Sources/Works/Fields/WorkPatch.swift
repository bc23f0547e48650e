import Bytes
package import JSON

/// A change to a work: what is absent stays, what is null is cleared.
///
/// It may hold any field of the work, so that what was read can be edited and sent back whole; the fields that cannot
/// change have to hold what they hold already.
package struct WorkPatch: Sendable {
    private let members: [JSONMember]

    /// Nothing is checked yet: whether the work exists is asked first.
    package init(_ members: [JSONMember]) {
        self.members = members
    }

    /// The work as it is to be.
    ///
    /// It leaves `updatedAt` and `version` to the store, which knows the clock.
    package func applied(to work: Work) throws(Refusal) -> Work {
        let fields = try BodyFields<WorkField>(members, accepted: WorkField.patch)
        if let name = fields.names.first(where: { !fields.mayHold($0, of: work) }) {
            throw .readOnlyField(name.rawValue)
        }
        var work = work
        for name in WorkField.patch where fields.sends(name) {
            try fields.set(name, of: &work)
        }
        return work
    }
}

extension BodyFields<WorkField> {
    /// Whether the field can be changed, or is sent as it is.
    fileprivate func mayHold(_ name: WorkField, of work: Work) -> Bool {
        guard let value = self[name] else { return true }
        return switch name {
        case .workID: value.isExactly(work.id.text)
        case .type: value.isExactly(work.type.rawValue)
        case .category: value.isExactly(work.category.rawValue)
        case .createdAt: value.isTime(work.createdAt)
        case .updatedAt: value.isTime(work.updatedAt)
        case .deletedAt: value.isTime(work.deletedAt)
        case .userID, .name, .description, .status, .lambdaID, .workDirectory, .mainClassName, .javaVersion,
            .extraParams,
            .runFrequency:
            true
        }
    }

    fileprivate func set(_ name: WorkField, of work: inout Work) throws(Refusal) {
        switch name {
        case .userID: work.userID = try unclearedText(name, TextLengths.userID)
        case .name: work.name = try unclearedText(name, TextLengths.name)
        case .description: work.description = try description(of: work)
        case .status: work.status = try status(name) ?? .initial
        case .lambdaID: work.lambdaID = try text(name, TextLengths.lambdaID)
        case .workDirectory: work.workDirectory = try text(name, TextLengths.workDirectory)
        case .mainClassName: work.mainClassName = try text(name, TextLengths.mainClassName)
        case .javaVersion: work.javaVersion = try text(name, TextLengths.javaVersion)
        case .extraParams: work.extraParams = try extraParams(name)
        case .runFrequency: work.runFrequency = try choice(name)
        case .workID, .type, .category, .createdAt, .updatedAt, .deletedAt: break
        }
    }

    private func unclearedText(_ name: WorkField, _ length: ClosedRange<Int>) throws(Refusal) -> String {
        try uncleared(visibleText(name, length), name, .text(length))
    }

    /// A blank description goes out as null, so null may come back, but only to where it came from.
    private func description(of work: Work) throws(Refusal) -> String {
        if self[.description] == .string("") { return "" }
        let stored = work.description.isEmpty ? "" : nil
        let text = try text(.description, TextLengths.description) ?? stored
        return try uncleared(text, .description, .text(TextLengths.description))
    }
}

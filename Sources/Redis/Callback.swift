/// Returns a callback's argument, which C declares nullable although hiredis never passes null.
@inline(__always) func argument<Pointer>(_ pointer: Pointer?) -> Pointer {
    guard let pointer else { preconditionFailure("hiredis passed null to a callback") }
    return pointer
}

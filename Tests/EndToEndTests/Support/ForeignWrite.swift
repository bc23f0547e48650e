/// A way in which a page can try to change something.
///
/// The browser keeps every answer from the page: a `fetch` whose request has arrived fails nevertheless.
struct ForeignWrite: Sendable {
    let name: String
    /// The body of an `async` function with the parameter `given`, see ``BrowserScene/run(_:to:)``.
    let script: String
    /// Whether the browser sends the request without asking the service first.
    var reachesService = true
    /// Whether the browser hides the page's origin: it sends `Origin: null`.
    var hidesOrigin = false

    static let all = [
        post("given.draft", as: "text/plain", to: "given.works"),
        post("given.draft", as: "application/x-www-form-urlencoded", to: "given.works"),
        post("given.run", as: "text/plain", to: "given.tasks"),
        post("undefined", as: "text/plain", to: "given.restore"),
        Self(
            name: "fetch without a type, kept alive",
            script: """
                const request = { method: 'POST', mode: 'no-cors', keepalive: true, body: given.draft };
                await fetch(given.works, request).catch(() => null)
                """
        ),
        Self(name: "sendBeacon", script: "return navigator.sendBeacon(given.works, given.draft)"),
        form("text/plain"),
        Self(
            name: "a sandboxed frame",
            script: frame("sandbox='allow-scripts allow-forms'"),
            hidesOrigin: true
        ),
        Self(
            name: "JSON with a preflight",
            script: """
                await fetch(given.works, {
                    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: given.draft
                })
                """,
            reachesService: false
        ),
        Self(
            name: "PATCH",
            script: "await fetch(given.work, { method: 'PATCH', body: '{\"name\":\"theirs\"}' })",
            reachesService: false
        ),
        Self(
            name: "DELETE",
            script: "await fetch(given.work + '?purge=true', { method: 'DELETE' })",
            reachesService: false
        ),
    ]

    private static func post(_ body: String, as type: String, to target: String) -> Self {
        Self(
            name: "fetch of \(type) to \(target)",
            script: """
                await fetch(\(target), {
                    method: 'POST', mode: 'no-cors', credentials: 'include', body: \(body),
                    headers: { 'Content-Type': '\(type)' }
                }).catch(() => null)
                """
        )
    }

    /// A form whose one field is named like the body up to an equals sign, and whose value is the rest of the body.
    private static func form(_ type: String) -> Self {
        Self(
            name: "a form of \(type)",
            script: """
                const frame = document.createElement('iframe');
                frame.name = 'answer';
                const form = document.createElement('form');
                Object.assign(form, { method: 'post', action: given.works, enctype: '\(type)', target: 'answer' });
                const field = document.createElement('input');
                const cut = given.draft.indexOf('=');
                Object.assign(field, {
                    type: 'hidden', name: given.draft.slice(0, cut), value: given.draft.slice(cut + 1)
                });
                form.append(field);
                document.body.append(frame, form);
                await new Promise(loaded => { frame.onload = loaded; form.submit(); });
                """
        )
    }

    /// A frame that sends the same request and then tells the page.
    private static func frame(_ attributes: String) -> String {
        """
        const told = new Promise(tell => addEventListener('message', tell, { once: true }));
        const request = { method: 'POST', mode: 'no-cors', body: given.draft };
        document.body.insertAdjacentHTML('beforeend', `<iframe \(attributes)></iframe>`);
        document.body.lastChild.srcdoc = `<script>
            fetch(${JSON.stringify(given.works)}, ${JSON.stringify(request)})
                .catch(() => null).then(() => parent.postMessage('', '*'))
        </` + `script>`;
        await told;
        """
    }
}

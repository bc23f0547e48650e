// GNU libmicrohttpd, for Swift.
#pragma once

#include <microhttpd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// The callbacks of a daemon. Each gets `context` as its first argument.
struct works_http_callbacks {
    void *context;
    MHD_AccessHandlerCallback access;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    void *(*target)(void *context, const char *uri, struct MHD_Connection *connection);
};

/// Leaves the escapes in a target as they are: the router decodes them, once and strictly.
static inline size_t works_http_keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

/// Stops libmicrohttpd from parsing query arguments and cookies, which we never read; to be called from the target
/// callback, with its argument.
///
/// For each argument and each cookie, libmicrohttpd would use 64 bytes of the connection's memory, which has no room
/// for the thousands that a request within its limits can contain. It looks for arguments in what the target callback
/// leaves after the first `?`, so nothing is left there. It looks for cookies in the first field of that name, so an
/// empty one is added before the client's fields arrive; its value points to the end of its name, which distinguishes
/// it from a client's field.
static inline void works_http_parse_no_arguments_and_cookies(struct MHD_Connection *connection, const char *target) {
    char *mark = strchr(target, '?');
    if (mark && mark[1]) mark[1] = '\0';
    static const char cookie[] = "Cookie";
    MHD_set_connection_value(connection, MHD_HEADER_KIND, cookie, cookie + sizeof cookie - 1);
}

/// Starts a daemon. `MHD_start_daemon` is variadic, and Swift cannot call variadic functions.
static inline struct MHD_Daemon *works_http_start(
    int listener, unsigned int connections_max, unsigned int idle_seconds, size_t connection_memory_bytes,
    const struct works_http_callbacks *callbacks) {
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        callbacks->access, callbacks->context,
        MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_CONNECTION_LIMIT, connections_max,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory_bytes,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks->completed, callbacks->context,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks->connection, callbacks->context,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks->target, callbacks->context,
        MHD_OPTION_UNESCAPE_CALLBACK, works_http_keep_escapes, NULL,
        MHD_OPTION_END);
}

/// Whether the library refuses malformed lines of a header by itself, as it does since version 1.0, see `RequestHead`.
static inline int works_http_checks_lines(void) {
    return MHD_VERSION >= 0x01000000;
}

/// The descriptor to wait on; -1 if there is none. `MHD_get_daemon_info` is variadic.
static inline int works_http_epoll_descriptor(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

/// How many connections are open. `MHD_get_daemon_info` is variadic.
static inline unsigned int works_http_connection_count(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info ? info->num_connections : 0;
}

/// The socket of a connection; -1 if there is none. `MHD_get_connection_info` is variadic.
static inline int works_http_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/// The size of a request's header, from its first byte to the end of the empty line; 0 before that has arrived.
/// `MHD_get_connection_info` is variadic.
static inline size_t works_http_header_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

/// What the connection callback stored for this connection. `MHD_get_connection_info` is variadic.
static inline void *works_http_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

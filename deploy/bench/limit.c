// The least that reading a work can cost: what the worker is measured against.
//
//     limit PORT REDIS INDEX        e.g. limit 9090 /run/redis.sock '{0}:c:'
//
// It answers the worker's two reads with the worker's bytes, on the worker's libraries and in the worker's shape: one
// thread, one loop over libmicrohttpd's epoll descriptor and one hiredis connection, a request suspended while Redis
// works, the commands of one turn in one write. What it leaves out is everything else: validation beyond memory
// safety, other routes, logs, metrics, deadlines, reconnects. A lost Redis ends it.
//
//     GET /api/v1/works/:id         one HGETALL
//     GET /api/v1/works?limit&offset   ZREVRANGE and ZCARD of INDEX, then the HGETALLs of the page in one write

#include <arpa/inet.h>
#include <errno.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>

enum { idMax = 64, pageMax = 1000, connectionsMax = 10000, connectionMemory = 64 * 1024, idleSeconds = 75 };
enum { sleepMax = 60000 };  // milliseconds

static redisAsyncContext *redis;
static const char *pageIndex;

// What the loop owes its next turn: bytes for Redis to write, an HTTP connection that may go on.
static bool redisHasOutput, httpHasWork = true;

static void die(const char *what, const char *why) {
    fprintf(stderr, "limit: %s: %s\n", what, why);
    exit(1);
}

// --- Text ------------------------------------------------------------------------------------------------------------

// Bytes that grow; handed over to libmicrohttpd, which frees them once they are sent.
struct text {
    char *bytes;
    size_t count, room;
};

static char *extend(struct text *text, size_t count) {
    if (text->room - text->count < count) {
        text->room = 2 * text->room + count + 1024;
        if (!(text->bytes = realloc(text->bytes, text->room))) die("memory", strerror(errno));
    }
    text->count += count;
    return text->bytes + text->count - count;
}

static void append(struct text *text, const char *bytes, size_t count) {
    memcpy(extend(text, count), bytes, count);
}

#define appendLiteral(text, literal) append(text, literal, sizeof(literal) - 1)

// Copies runs of ordinary bytes; only what JSON cannot hold as it is becomes an escape.
static void appendString(struct text *text, const char *bytes, size_t count) {
    appendLiteral(text, "\"");
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = bytes[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        append(text, bytes + start, i - start);
        start = i + 1;
        static const char named[] = "\bb\ff\nn\rr\tt\"\"\\\\";
        const char *name = NULL;
        for (const char *pair = named; *pair && !name; pair += 2)
            if ((unsigned char)*pair == byte) name = pair + 1;
        char escape[8];
        int length = name ? sprintf(escape, "\\%c", *name) : sprintf(escape, "\\u%04x", byte);
        append(text, escape, length);
    }
    append(text, bytes + start, count - start);
    appendLiteral(text, "\"");
}

static void put(char *at, int digits, int64_t number) {
    while (digits-- > 0) at[digits] = '0' + number % 10, number /= 10;
}

// Milliseconds since 1970 as the second they fall in, e.g. "2021-12-01T16:53:34Z". The civil date is counted in years
// that begin in March, so that the leap day is a year's last.
static void appendTime(struct text *text, const char *decimal) {
    int64_t milliseconds = strtoll(decimal, NULL, 10);
    int64_t seconds = (milliseconds - (milliseconds < 0 ? 999 : 0)) / 1000;
    int64_t second = (seconds % 86400 + 86400) % 86400;
    int64_t days = (seconds - second) / 86400 + 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t dayOfEra = days - era * 146097;
    int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int64_t month = (5 * dayOfYear + 2) / 153;
    int64_t day = dayOfYear - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    char time[] = "\"0000-00-00T00:00:00Z\"";
    put(time + 1, 4, yearOfEra + era * 400 + (month <= 2));
    put(time + 6, 2, month), put(time + 9, 2, day);
    put(time + 12, 2, second / 3600), put(time + 15, 2, second / 60 % 60), put(time + 18, 2, second % 60);
    append(text, time, sizeof time - 1);
}

// --- A work ----------------------------------------------------------------------------------------------------------

enum kind { string, number, json, instant, hidden };

// The fields of a work's hash in the order of the answer, each with what stands before its value there.
static const struct field {
    const char *name;
    enum kind kind;
    const char *key;
} fields[] = {
    {"lambda_id", string, ",\"lambda_id\":"},
    {"user_id", string, ",\"user_id\":"},
    {"name", string, ",\"name\":"},
    {"description", string, ",\"description\":"},
    {"type", string, ",\"type\":"},
    {"category", string, ",\"category\":"},
    {"status", number, ",\"status\":"},
    {"work_directory", string, ",\"work_directory\":"},
    {"main_class_name", string, ",\"main_class_name\":"},
    {"extra_params", json, ",\"extra_params\":"},
    {"java_version", string, ",\"java_version\":"},
    {"run_frequency", string, ",\"run_frequency\":"},
    {"created_at", instant, ",\"created_at\":"},
    {"updated_at", instant, ",\"updated_at\":"},
    {"deleted_at", instant, ",\"deleted_at\":"},
    {"version", hidden, NULL},
};
enum { fieldCount = sizeof fields / sizeof *fields, versionField = fieldCount - 1 };

// The values of a hash by field. Redis gives a small hash back as it was written, so each name is first looked for
// right after the one before it.
static void sortFields(const redisReply *hash, const redisReply *values[fieldCount]) {
    size_t next = 0;
    for (size_t i = 0; i + 1 < hash->elements; i += 2) {
        const redisReply *name = hash->element[i];
        for (size_t tried = 0; tried < fieldCount; tried++) {
            size_t candidate = (next + tried) % fieldCount;
            if (strcmp(name->str, fields[candidate].name)) continue;
            values[candidate] = hash->element[i + 1];
            next = candidate + 1;
            break;
        }
    }
}

static void appendWork(struct text *text, const char *id, const redisReply *values[fieldCount]) {
    appendLiteral(text, "{\"work_id\":\"");
    append(text, id, strlen(id));
    appendLiteral(text, "\"");
    for (size_t i = 0; i < fieldCount; i++) {
        if (fields[i].kind == hidden) continue;
        append(text, fields[i].key, strlen(fields[i].key));
        if (!values[i])
            appendLiteral(text, "null");
        else if (fields[i].kind == string)
            appendString(text, values[i]->str, values[i]->len);
        else if (fields[i].kind == instant)
            appendTime(text, values[i]->str);
        else
            append(text, values[i]->str, values[i]->len);
    }
    appendLiteral(text, "}");
}

// --- Redis -----------------------------------------------------------------------------------------------------------

static void sendCommand(redisCallbackFn *reply, void *context, size_t count, const char *words[]) {
    size_t lengths[4];
    for (size_t i = 0; i < count; i++) lengths[i] = strlen(words[i]);
    if (redisAsyncCommandArgv(redis, reply, context, count, words, lengths)) die("redis", redis->errstr);
}

static void sendRead(redisCallbackFn *reply, void *context, const char *id) {
    char key[idMax + 8];
    snprintf(key, sizeof key, "{0}:w:%s", id);
    sendCommand(reply, context, 2, (const char *[]){"HGETALL", key});
}

static redisReply *checked(redisReply *reply) {
    if (!reply) die("redis", "connection lost");
    if (reply->type == REDIS_REPLY_ERROR) die("redis", reply->str);
    return reply;
}

// --- Answers ---------------------------------------------------------------------------------------------------------

// The client's request id when it is one to 128 of [A-Za-z0-9._-], else a new one.
static void requestID(struct MHD_Connection *connection, char id[129]) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const char *given = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Request-Id");
    size_t length = given ? strlen(given) : 0;
    if (length >= 1 && length <= 128 && strspn(given, allowed) == length) {
        memcpy(id, given, length + 1);
        return;
    }
    static uint64_t state;
    if (state == 0 && getrandom(&state, sizeof state, 0) != sizeof state) die("random", strerror(errno));
    for (int i = 0; i < 32; i++) {
        if (i % 16 == 0) state = state * 6364136223846793005 + 1442695040888963407;
        id[i] = "0123456789abcdef"[state >> (4 * (i % 16)) & 15];
    }
    id[32] = 0;
}

static struct MHD_Response *response(struct MHD_Connection *connection, struct text body) {
    struct MHD_Response *response = MHD_create_response_from_buffer(body.count, body.bytes, MHD_RESPMEM_MUST_FREE);
    char id[129];
    requestID(connection, id);
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "X-Request-Id", id);
    MHD_add_response_header(response, "X-Worker", "limit");
    return response;
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response) {
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

// Answers a suspended request and lets it go on.
static void finish(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response) {
    queue(connection, status, response);
    MHD_resume_connection(connection);
    httpHasWork = true;
}

// --- GET of one work -------------------------------------------------------------------------------------------------

struct single {
    struct MHD_Connection *connection;
    char id[idMax + 1];
};

static void singleArrived(redisAsyncContext *context, void *reply, void *pointer) {
    (void)context;
    struct single *single = pointer;
    redisReply *hash = checked(reply);
    struct text body = {0};
    if (hash->elements == 0) {
        appendLiteral(&body, "{\"code\":404101,\"msg\":\"no work has the id \\\"");
        append(&body, single->id, strlen(single->id));
        appendLiteral(&body, "\\\"\"}");
        finish(single->connection, 404, response(single->connection, body));
    } else {
        const redisReply *values[fieldCount] = {0};
        sortFields(hash, values);
        appendLiteral(&body, "{\"code\":0,\"data\":");
        appendWork(&body, single->id, values);
        appendLiteral(&body, "}");
        struct MHD_Response *answer = response(single->connection, body);
        char tag[32];
        snprintf(tag, sizeof tag, "\"%.24s\"", values[versionField] ? values[versionField]->str : "1");
        MHD_add_response_header(answer, "ETag", tag);
        finish(single->connection, 200, answer);
    }
    free(single);
}

static enum MHD_Result readOne(struct MHD_Connection *connection, const char *id) {
    struct single *single = malloc(sizeof *single);
    if (!single) return MHD_NO;
    single->connection = connection;
    memcpy(single->id, id, strlen(id) + 1);
    MHD_suspend_connection(connection);
    sendRead(singleArrived, single, single->id);
    return MHD_YES;
}

// --- GET of a page ---------------------------------------------------------------------------------------------------

struct page {
    struct MHD_Connection *connection;
    struct text body;
    long limit, offset, total;
    size_t awaited;             // works still to come, in the order of `ids`
    size_t count;
    char (*ids)[idMax + 1];
};

static void finishPage(struct page *page) {
    appendLiteral(&page->body, "]}");
    struct MHD_Response *answer = response(page->connection, page->body);
    char header[256];
    snprintf(header, sizeof header, "%ld", page->total);
    MHD_add_response_header(answer, "X-Total-Count", header);
    const char *route = "</api/v1/works?limit=";
    bool isLast = (page->offset + 1) * page->limit >= page->total;
    int length = snprintf(header, sizeof header, "%s%ld>; rel=\"first\"", route, page->limit);
    if (!isLast)
        snprintf(header + length, sizeof header - length, ", %s%ld&offset=%ld>; rel=\"next\"", route, page->limit,
                 page->offset + 1);
    MHD_add_response_header(answer, "Link", header);
    finish(page->connection, 200, answer);
    free(page->ids);
    free(page);
}

static void workOfPageArrived(redisAsyncContext *context, void *reply, void *pointer) {
    (void)context;
    struct page *page = pointer;
    redisReply *hash = checked(reply);
    const char *id = page->ids[page->count - page->awaited--];
    if (hash->elements) {
        const redisReply *values[fieldCount] = {0};
        sortFields(hash, values);
        if (page->body.bytes[page->body.count - 1] == '}') appendLiteral(&page->body, ",");
        appendWork(&page->body, id, values);
    }
    if (page->awaited == 0) finishPage(page);
}

static void idsArrived(redisAsyncContext *context, void *reply, void *pointer) {
    (void)context;
    struct page *page = pointer;
    redisReply *ids = checked(reply);
    page->awaited = page->count = ids->elements;
    page->ids = calloc(page->count + 1, sizeof *page->ids);
    if (!page->ids) die("memory", strerror(errno));
    for (size_t i = 0; i < page->count; i++) {
        snprintf(page->ids[i], sizeof page->ids[i], "%s", ids->element[i]->str);
        sendRead(workOfPageArrived, page, page->ids[i]);
    }
}

// Arrives right after the ids: both were sent in one go.
static void totalArrived(redisAsyncContext *context, void *reply, void *pointer) {
    (void)context;
    struct page *page = pointer;
    page->total = checked(reply)->integer;
    if (page->count == 0) finishPage(page);
}

static long parameter(struct MHD_Connection *connection, const char *name, long absent, long max) {
    const char *value = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
    long number = value ? strtol(value, NULL, 10) : absent;
    return number < 0 || number > max ? absent : number;
}

static enum MHD_Result readPage(struct MHD_Connection *connection) {
    struct page *page = calloc(1, sizeof *page);
    if (!page) return MHD_NO;
    page->connection = connection;
    page->limit = parameter(connection, "limit", 10, pageMax);
    page->offset = parameter(connection, "offset", 0, INT32_MAX);
    appendLiteral(&page->body, "{\"code\":0,\"data\":[");
    char first[24], last[24];
    snprintf(first, sizeof first, "%ld", page->offset * page->limit);
    snprintf(last, sizeof last, "%ld", (page->offset + 1) * page->limit - 1);
    MHD_suspend_connection(connection);
    sendCommand(idsArrived, page, 4, (const char *[]){"ZREVRANGE", pageIndex, first, last});
    sendCommand(totalArrived, page, 2, (const char *[]){"ZCARD", pageIndex});
    return MHD_YES;
}

// --- The loop --------------------------------------------------------------------------------------------------------

// Called with the headers, with each piece of a body, and at last to answer; only then may a request be suspended
// without its connection being closed after the answer.
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *body, size_t *bodyCount, void **state) {
    (void)context, (void)version, (void)body;
    static char seen;
    if (*state != &seen) {
        *state = &seen;
        return MHD_YES;
    }
    if (*bodyCount) {
        *bodyCount = 0;
        return MHD_YES;
    }
    static const char route[] = "/api/v1/works";
    if (!strcmp(method, "GET") && !strncmp(url, route, sizeof route - 1)) {
        const char *rest = url + sizeof route - 1;
        if (*rest == 0) return readPage(connection);
        if (*rest == '/' && rest[1] && strlen(rest + 1) <= idMax && !strpbrk(rest + 1, "/\"\\"))
            return readOne(connection, rest + 1);
    }
    struct text text = {0};
    appendLiteral(&text, "{\"code\":404100,\"msg\":\"no such route\"}");
    return queue(connection, 404, response(connection, text));
}

// hiredis asks for room to write once per command; the loop writes once per turn.
static void redisWantsToWrite(void *context) {
    (void)context;
    redisHasOutput = true;
}

static void redisHasWritten(void *context) {
    (void)context;
    redisHasOutput = false;
}

static void redisConnected(const redisAsyncContext *context, int status) {
    if (status) die("redis", context->errstr);
}

static void redisLost(const redisAsyncContext *context, int status) {
    (void)context, (void)status;
    die("redis", "connection lost");
}

static void connectRedis(const char *address) {
    char host[64];
    int port;
    if (address[0] == '/')
        redis = redisAsyncConnectUnix(address);
    else if (sscanf(address, "%63[^:]:%d", host, &port) == 2)
        redis = redisAsyncConnect(host, port);
    else
        die("redis", "neither /path nor host:port");
    if (!redis || redis->err) die("redis", redis ? redis->errstr : "no memory");
    redis->ev.addWrite = redisWantsToWrite;
    redis->ev.delWrite = redisHasWritten;
    redisAsyncSetConnectCallback(redis, redisConnected);
    redisAsyncSetDisconnectCallback(redis, redisLost);
    struct pollfd connected = {.fd = redis->c.fd, .events = POLLOUT};
    if (poll(&connected, 1, 1000) != 1) die("redis", "no connection within a second");
}

static struct MHD_Daemon *startHTTP(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, NULL, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)connectionMemory, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)connectionsMax, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)idleSeconds, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    if (!daemon) die("listen", strerror(errno));
    return daemon;
}

static void watch(int epoll, int descriptor, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data = {.fd = descriptor}};
    if (epoll_ctl(epoll, operation, descriptor, &event)) die("epoll", strerror(errno));
}

// Until libmicrohttpd has nothing left to do at once, then Redis's output in one write. Returns how long to sleep.
static int turn(struct MHD_Daemon *daemon) {
    MHD_UNSIGNED_LONG_LONG limit;
    do {
        if (httpHasWork) MHD_run(daemon);
        if (MHD_get_timeout(daemon, &limit) != MHD_YES) limit = sleepMax;
        httpHasWork = limit == 0;
    } while (httpHasWork);
    if (redisHasOutput) redisAsyncHandleWrite(redis);
    return limit < sleepMax ? (int)limit : sleepMax;
}

int main(int count, char *arguments[]) {
    if (count != 4) die("usage", "limit PORT REDIS INDEX");
    signal(SIGPIPE, SIG_IGN);
    pageIndex = arguments[3];
    connectRedis(arguments[2]);
    struct MHD_Daemon *daemon = startHTTP(atoi(arguments[1]));
    int http = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) die("epoll", strerror(errno));
    watch(epoll, http, EPOLLIN, EPOLL_CTL_ADD);
    watch(epoll, redis->c.fd, EPOLLIN, EPOLL_CTL_ADD);
    bool watchesOutput = false;
    for (;;) {
        int limit = turn(daemon);
        if (redisHasOutput != watchesOutput) {
            watchesOutput = redisHasOutput;
            watch(epoll, redis->c.fd, EPOLLIN | (watchesOutput ? EPOLLOUT : 0), EPOLL_CTL_MOD);
        }
        struct epoll_event events[2];
        int ready = epoll_wait(epoll, events, 2, limit);
        if (ready <= 0) httpHasWork = true;
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == http) httpHasWork = true;
            else if (events[i].events & ~EPOLLOUT) redisAsyncHandleRead(redis);
        }
    }
}

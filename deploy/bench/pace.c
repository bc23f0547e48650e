// Asks at a fixed rate, whether or not what was asked before has been answered, and tells how long answers take.
//
//     pace PORT TARGET RATE SECONDS CONNECTIONS       prints: p50 p99 max, in microseconds
//
// A load that waits for its answers asks less of a server that is slow, and so never sees how slow it is. Here each
// request has its time, evenly spaced, and its latency counts from then, also if no connection was free. A second goes
// by before anything is counted. Any answer but a whole 200 ends the measurement.

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { answerMax = 1 << 20, eventsMax = 256, warmUpSeconds = 1 };

// One connection, with the request that is under way on it: its number, by which its time is known.
struct connection {
    int socket;
    int64_t number;
    size_t count;   // bytes of the answer so far
    size_t whole;   // bytes of the whole answer; 0 until its head is there
    char *answer;
    struct connection *next;  // the next one that is free
};

static char request[16384];
static size_t requestCount;
static struct connection *freeConnections;
static int64_t start, interval;  // nanoseconds

static void die(const char *what, const char *why) {
    fprintf(stderr, "pace: %s: %s\n", what, why);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int64_t dueTime(int64_t number) {
    return start + number * interval;
}

static void ask(struct connection *connection, int64_t number) {
    connection->number = number;
    connection->count = connection->whole = 0;
    if (send(connection->socket, request, requestCount, MSG_NOSIGNAL) != (ssize_t)requestCount)
        die("send", strerror(errno));
}

// Takes what has come; true when the answer is whole.
static bool isAnswered(struct connection *connection) {
    ssize_t count = recv(connection->socket, connection->answer + connection->count, answerMax - connection->count,
                         MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return false;
    if (count <= 0) die("recv", count ? strerror(errno) : "the connection was closed");
    connection->count += count;
    connection->answer[connection->count] = 0;
    if (connection->whole == 0) {
        char *end = strstr(connection->answer, "\r\n\r\n");
        if (!end) return false;
        if (strncmp(connection->answer, "HTTP/1.1 200 ", 13)) die("answer", connection->answer);
        char *length = strcasestr(connection->answer, "\r\nContent-Length:");
        if (!length || length > end) die("answer without length", connection->answer);
        connection->whole = end + 4 - connection->answer + strtoul(length + 17, NULL, 10);
        if (connection->whole > answerMax) die("answer", "too large");
    }
    return connection->count == connection->whole;
}

static void connectAll(int epoll, int port, int count) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    while (count-- > 0) {
        struct connection *connection = calloc(1, sizeof *connection);
        if (!connection || !(connection->answer = malloc(answerMax + 1))) die("memory", strerror(errno));
        connection->socket = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(connection->socket, (struct sockaddr *)&address, sizeof address)) die("connect", strerror(errno));
        setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = connection}};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->socket, &event)) die("epoll", strerror(errno));
        connection->next = freeConnections;
        freeConnections = connection;
    }
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

int main(int count, char *arguments[]) {
    if (count != 6) die("usage", "pace PORT TARGET RATE SECONDS CONNECTIONS");
    double rate = atof(arguments[3]);
    int64_t warmUp = rate * warmUpSeconds, total = warmUp + rate * atoi(arguments[4]);
    if (rate < 1 || total <= warmUp) die("usage", "rate and seconds are at least 1");
    requestCount = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", arguments[2]);
    if (requestCount >= sizeof request) die("usage", "the target is too long");
    uint32_t *microseconds = calloc(total, sizeof *microseconds);
    if (!microseconds) die("memory", strerror(errno));
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) die("epoll", strerror(errno));
    connectAll(epoll, atoi(arguments[1]), atoi(arguments[5]));
    prctl(PR_SET_TIMERSLACK, 1L);

    interval = 1e9 / rate;
    start = now();
    int64_t asked = 0, answered = 0;
    while (answered < total) {
        while (asked < total && freeConnections && dueTime(asked) <= now()) {
            struct connection *connection = freeConnections;
            freeConnections = connection->next;
            ask(connection, asked++);
        }
        // With all connections busy, the next answer is waited for, however late that is.
        int64_t wait = asked < total && freeConnections ? dueTime(asked) - now() : INT64_C(5000000000);
        if (wait < 0) wait = 0;
        struct timespec limit = {.tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000};
        struct epoll_event events[eventsMax];
        int ready = epoll_pwait2(epoll, events, eventsMax, &limit, NULL);
        if (ready < 0 && errno != EINTR) die("epoll", strerror(errno));
        if (ready == 0 && wait >= INT64_C(5000000000)) die("answer", "none for five seconds");
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!isAnswered(connection)) continue;
            microseconds[connection->number] = (now() - dueTime(connection->number)) / 1000;
            answered++;
            connection->next = freeConnections;
            freeConnections = connection;
        }
    }

    int64_t counted = total - warmUp;
    qsort(microseconds + warmUp, counted, sizeof *microseconds, compare);
    const uint32_t *sorted = microseconds + warmUp;
    printf("%u %u %u\n", sorted[counted / 2], sorted[counted * 99 / 100], sorted[counted - 1]);
    return 0;
}

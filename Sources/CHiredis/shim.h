// The asynchronous API of hiredis, of version 0.14 and of 1.0 and later. Swift can import everything we call, so
// headers suffice: it cannot import the variadic `redisAsyncCommand`, but commands are encoded in Swift anyway.
#pragma once

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <hiredis/sds.h>

/// The type in which the parser tells its hook how many elements an array has.
#if HIREDIS_MAJOR >= 1
typedef size_t works_redis_count;

static inline void *works_redis_refuse_double(const redisReadTask *task, double value, char *text, size_t count) {
    (void)task, (void)value, (void)text, (void)count;
    return NULL;
}

static inline void *works_redis_refuse_bool(const redisReadTask *task, int value) {
    (void)task, (void)value;
    return NULL;
}
#else
typedef int works_redis_count;
#endif

/// Makes the parser refuse the kinds of values that only RESP3 has and that have hooks of their own.
///
/// We never ask for RESP3. hiredis 0.14 knows nothing of it. Later versions read it unasked, and in place of a hook
/// that is missing they make up an address, which is then taken for a reply.
static inline void works_redis_refuse_resp3(redisReplyObjectFunctions *hooks) {
#if HIREDIS_MAJOR >= 1
    hooks->createDouble = works_redis_refuse_double;
    hooks->createBool = works_redis_refuse_bool;
#else
    (void)hooks;
#endif
}

/// Makes the context belong to `owner`, and call `ended` with it once, last: when no callback will follow.
///
/// hiredis 0.14 has only the event library's hook for that. Later versions call this hook before they end the commands
/// that are still waiting, but have another one.
static inline void works_redis_set_owner(redisAsyncContext *context, void *owner, void (*ended)(void *)) {
    context->data = owner;
#if HIREDIS_MAJOR >= 1
    context->dataCleanup = ended;
#else
    context->ev.data = owner;
    context->ev.cleanup = ended;
#endif
}

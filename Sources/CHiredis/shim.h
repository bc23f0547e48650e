// hiredis 0.14.1, its asynchronous API. Swift imports all that we call, so there is nothing here but the headers: the
// variadic `redisAsyncCommand` stays out, and is not missed, because commands are encoded in Swift.
#pragma once

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <hiredis/sds.h>

// The asynchronous API of hiredis 0.14.1. Swift can import everything we call, so headers suffice: it cannot import the
// variadic `redisAsyncCommand`, but commands are encoded in Swift anyway.
#pragma once

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <hiredis/sds.h>

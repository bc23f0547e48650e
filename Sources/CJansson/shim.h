// jansson, which reads JSON. Swift imports all of it that JSONReader needs, so there is no shim: its macros for the kind
// of a value are a field (`type`) to Swift, and its loop macro is written out with the iterator functions under it.
#pragma once

#include <jansson.h>

// libsodium: keyed hashes, comparison in constant time, Base64 and hexadecimal text. Swift imports all that we call.
#pragma once

#include <sodium.h>

// jansson, which reads JSON. JSONReader needs no shim: instead of the macros for the kind of a value it reads the field
// `type`, and instead of the loop macro it calls the iterator functions.
#pragma once

#include <jansson.h>

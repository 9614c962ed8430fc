// Nothing but the headers that every test reads; see CMakeLists.txt.

# Installs the front end's packages when they are missing or older than package-lock.json. Several build trees share one
# node_modules: only one of them installs at a time.
file(MAKE_DIRECTORY ${SOURCE}/.cache)
file(LOCK ${SOURCE}/.cache/node-modules.lock TIMEOUT 600)
execute_process(COMMAND ${SOURCE}/scripts/node-modules static COMMAND_ERROR_IS_FATAL ANY)

# Two stages: Debian 13 with the compiler builds the one binary, Debian 13 without it runs the binary as nobody special.
#   docker build -t sallyport .
#   docker run --read-only --cap-drop=ALL --security-opt=no-new-privileges -p 127.0.0.1:8022:8022 -v sallyport:/var/lib/sallyport \
#     -e SALLYPORT_PROXIES_TRUSTED=172.16.0.0/12 -e SALLYPORT_TARGETS_ALLOW=10.0.0.0/8 sallyport
# Without the last two it says what is missing and does not start: inside the container every listener is for other machines.
FROM debian:trixie-slim AS build
WORKDIR /src
# What changes rarely comes first, so that a change of the sources does not fetch the packages again.
COPY scripts/packages scripts/node-modules scripts/
RUN scripts/packages build
COPY static/package.json static/package-lock.json static/
RUN scripts/node-modules static
COPY . .
RUN scripts/build release && strip build/release/sallyport

FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libprometheus-cpp-core1.0 libssl3t64 libstdc++6 zlib1g \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 8022 sallyport \
 && useradd --uid 8022 --gid 8022 --no-create-home --home-dir /var/lib/sallyport --shell /usr/sbin/nologin sallyport \
 && install -d -o sallyport -g sallyport -m 700 /var/lib/sallyport
COPY --from=build /src/build/release/sallyport /usr/local/bin/sallyport
COPY LICENSE /usr/share/doc/sallyport/
USER 8022:8022
# The host keys that users have confirmed; the only thing it ever writes.
VOLUME /var/lib/sallyport
ENV STATE_DIRECTORY=/var/lib/sallyport \
    SALLYPORT_LISTEN=0.0.0.0:8022
EXPOSE 8022
STOPSIGNAL SIGTERM
# The binary asks itself: no shell, no other program, nothing written.
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 CMD ["/usr/local/bin/sallyport", "health"]
ENTRYPOINT ["/usr/local/bin/sallyport"]
CMD ["serve"]

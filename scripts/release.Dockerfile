# The image of a release, from what scripts/release-binaries.sh put together:
# nothing is compiled for another processor under emulation. For a build from
# the tree there is the Dockerfile at the root.
FROM scratch
ARG TARGETARCH
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY tmp /tmp
COPY ${TARGETARCH}/lockstep /lockstep
ENTRYPOINT ["/lockstep"]

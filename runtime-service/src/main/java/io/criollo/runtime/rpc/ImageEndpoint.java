// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.cri.v1.ImageFsInfoRequest;
import io.criollo.cri.v1.ImageFsInfoResponse;
import io.criollo.cri.v1.ImageServiceGrpc;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.ImageStatusResponse;
import io.criollo.cri.v1.ListImagesRequest;
import io.criollo.cri.v1.ListImagesResponse;
import io.criollo.cri.v1.PullImageRequest;
import io.criollo.cri.v1.PullImageResponse;
import io.criollo.cri.v1.RemoveImageRequest;
import io.criollo.cri.v1.RemoveImageResponse;
import io.criollo.cri.v1.StreamImagesRequest;
import io.criollo.cri.v1.StreamImagesResponse;
import io.criollo.runtime.images.ImageCalls;
import io.grpc.stub.StreamObserver;

/// The CRI's ImageService: one line per call. What is missing here answers Unimplemented.
public final class ImageEndpoint extends ImageServiceGrpc.ImageServiceImplBase {
  private final Answer answer = new Answer();
  private final ImageCalls images;

  public ImageEndpoint(ImageCalls images) {
    this.images = images;
  }

  @Override
  public void pullImage(PullImageRequest request, StreamObserver<PullImageResponse> to) {
    answer.replyWhileWanted(
        "PullImage", request.getImage().getImage(), to, () -> images.pull(request));
  }

  @Override
  public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> to) {
    answer.reply("ListImages", "", to, () -> images.list(request));
  }

  @Override
  public void streamImages(StreamImagesRequest request, StreamObserver<StreamImagesResponse> to) {
    answer.chunks(
        "StreamImages",
        to,
        () -> images.items(request.getFilter()).iterator(),
        part -> StreamImagesResponse.newBuilder().addAllImages(part).build());
  }

  @Override
  public void imageStatus(ImageStatusRequest request, StreamObserver<ImageStatusResponse> to) {
    answer.reply("ImageStatus", request.getImage().getImage(), to, () -> images.status(request));
  }

  @Override
  public void removeImage(RemoveImageRequest request, StreamObserver<RemoveImageResponse> to) {
    answer.reply("RemoveImage", request.getImage().getImage(), to, () -> images.remove(request));
  }

  @Override
  public void imageFsInfo(ImageFsInfoRequest request, StreamObserver<ImageFsInfoResponse> to) {
    answer.reply("ImageFsInfo", "", to, images::fsInfo);
  }
}

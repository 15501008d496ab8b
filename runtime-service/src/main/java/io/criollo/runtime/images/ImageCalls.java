// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.images;

import io.criollo.cri.v1.FilesystemIdentifier;
import io.criollo.cri.v1.FilesystemUsage;
import io.criollo.cri.v1.Image;
import io.criollo.cri.v1.ImageFilter;
import io.criollo.cri.v1.ImageFsInfoResponse;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.ImageStatusResponse;
import io.criollo.cri.v1.ListImagesRequest;
import io.criollo.cri.v1.ListImagesResponse;
import io.criollo.cri.v1.PullImageRequest;
import io.criollo.cri.v1.PullImageResponse;
import io.criollo.cri.v1.RemoveImageRequest;
import io.criollo.cri.v1.RemoveImageResponse;
import io.criollo.cri.v1.UInt64Value;
import io.criollo.image.Images;
import io.criollo.image.PullRequest;
import io.criollo.image.mount.FsUsage;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageId;
import io.criollo.image.registry.Credentials;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.Times;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The calls of the CRI's ImageService: translation to the image store and back.
public final class ImageCalls {
  private final Images images;
  private final Containers containers;

  public ImageCalls(Images images, Containers containers) {
    this.images = images;
    this.containers = containers;
  }

  public PullImageResponse pull(PullImageRequest request)
      throws ImageException, IOException, InterruptedException {
    var reference = required(request.getImage().getImage());
    var namespace = request.getSandboxConfig().getMetadata().getNamespace();
    var credentials =
        request.hasAuth()
            ? ImageMessages.credentials(request.getAuth())
            : Optional.<Credentials>empty();
    var id = images.pullImage().pull(new PullRequest(reference, credentials, namespace));
    return PullImageResponse.newBuilder().setImageRef(id.digest()).build();
  }

  public ListImagesResponse list(ListImagesRequest request) throws ImageException, IOException {
    return ListImagesResponse.newBuilder().addAllImages(items(request.getFilter())).build();
  }

  /// {@return the images that the filter lets through} None have a name that cannot be one.
  public List<Image> items(ImageFilter filter) throws ImageException, IOException {
    var wanted = Optional.of(filter.getImage().getImage()).filter(ref -> !ref.isEmpty());
    try {
      return images.listImages().list(wanted).stream().map(ImageMessages::image).toList();
    } catch (ImageException e) {
      if (e.kind() == ImageException.Kind.INVALID_REFERENCE) {
        return List.of();
      }
      throw e;
    }
  }

  public ImageStatusResponse status(ImageStatusRequest request) throws ImageException, IOException {
    var reference = required(request.getImage().getImage());
    var response = ImageStatusResponse.newBuilder();
    var image = images.imageStatus().find(reference);
    image.map(ImageMessages::image).ifPresent(response::setImage);
    if (request.getVerbose()) {
      image.ifPresent(found -> response.putAllInfo(ImageMessages.info(found)));
    }
    return response.build();
  }

  public RemoveImageResponse remove(RemoveImageRequest request) throws ImageException, IOException {
    images.removeImage().remove(required(request.getImage().getImage()), this::inUse);
    return RemoveImageResponse.getDefaultInstance();
  }

  public ImageFsInfoResponse fsInfo() throws IOException {
    var info = images.imageFsInfo();
    return ImageFsInfoResponse.newBuilder()
        .addImageFilesystems(message(info.ofImages()))
        .addContainerFilesystems(message(info.ofContainers()))
        .build();
  }

  private static FilesystemUsage message(FsUsage usage) {
    return FilesystemUsage.newBuilder()
        .setTimestamp(Times.nanos(usage.at()))
        .setFsId(FilesystemIdentifier.newBuilder().setMountpoint(usage.mountpoint().toString()))
        .setUsedBytes(UInt64Value.newBuilder().setValue(usage.bytes()))
        .setInodesUsed(UInt64Value.newBuilder().setValue(usage.inodes()))
        .build();
  }

  private boolean inUse(ImageId id) {
    return containers.all().stream()
        .map(Container::record)
        .anyMatch(container -> uses(container, id));
  }

  /// As root file system or as a volume.
  private static boolean uses(ContainerRecord container, ImageId id) {
    return container.place().image().id().equals(id.digest())
        || container.config().getMountsList().stream()
            .anyMatch(mount -> mount.getImage().getImageRef().equals(id.digest()));
  }

  private static String required(String reference) {
    if (reference.isEmpty()) {
      throw new Refusal.InvalidArgument("image.image", reference, "must not be empty");
    }
    return reference;
  }
}

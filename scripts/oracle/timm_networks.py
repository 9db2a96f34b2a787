"""Xception and MobileNet v1, which torchvision lacks, in plain PyTorch.

Written after the papers (https://arxiv.org/abs/1610.02357, https://arxiv.org/abs/1704.04861); where
these leave a choice, and in the names of the tensors, after timm 0.9's `legacy_xception` and
`mobilenetv1_100`. timm itself is not needed.
"""

import torch.nn as nn


class SeparableConv(nn.Module):
    """A 3×3 convolution of each channel by itself, then a 1×1 convolution."""

    def __init__(self, channels, filters):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
        self.pointwise = nn.Conv2d(channels, filters, 1, bias=False)

    def forward(self, x):
        return self.pointwise(self.conv1(x))


class XceptionBlock(nn.Module):
    """ReLU, separable convolution and batch norm, several times, beside a linear shortcut."""

    def __init__(self, channels, filters, stride, first_relu=True):
        super().__init__()
        self.skip = None
        if stride != 1:
            self.skip = nn.Conv2d(channels[0], filters[-1], 1, stride, bias=False)
            self.skipbn = nn.BatchNorm2d(filters[-1])
        layers = []
        for before, after in zip(channels, filters):
            layers += [nn.ReLU(), SeparableConv(before, after), nn.BatchNorm2d(after)]
        if not first_relu:
            del layers[0]
        if stride != 1:
            layers.append(nn.MaxPool2d(3, stride, 1))
        self.rep = nn.Sequential(*layers)

    def forward(self, x):
        shortcut = x if self.skip is None else self.skipbn(self.skip(x))
        return self.rep(x) + shortcut


class Xception(nn.Module):
    def __init__(self, num_classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, 2, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, bias=False)
        self.bn2 = nn.BatchNorm2d(64)
        self.block1 = XceptionBlock((64, 128), (128, 128), 2, first_relu=False)
        self.block2 = XceptionBlock((128, 256), (256, 256), 2)
        self.block3 = XceptionBlock((256, 728), (728, 728), 2)
        for i in range(4, 12):
            setattr(self, "block%d" % i, XceptionBlock((728,) * 3, (728,) * 3, 1))
        self.block12 = XceptionBlock((728, 728), (728, 1024), 2)
        self.conv3 = SeparableConv(1024, 1536)
        self.bn3 = nn.BatchNorm2d(1536)
        self.conv4 = SeparableConv(1536, 2048)
        self.bn4 = nn.BatchNorm2d(2048)
        self.fc = nn.Linear(2048, num_classes)

    def forward(self, x):
        x = self.bn1(self.conv1(x)).relu()
        x = self.bn2(self.conv2(x)).relu()
        for i in range(1, 13):
            x = getattr(self, "block%d" % i)(x)
        x = self.bn3(self.conv3(x)).relu()
        x = self.bn4(self.conv4(x)).relu()
        return self.fc(x.mean((2, 3)))


class DepthwiseSeparable(nn.Module):
    """A 3×3 convolution of each channel by itself, then a 1×1 one, each with norm and ReLU6."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv_dw = nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv_pw = nn.Conv2d(channels, filters, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)

    def forward(self, x):
        x = nn.functional.relu6(self.bn1(self.conv_dw(x)))
        return nn.functional.relu6(self.bn2(self.conv_pw(x)))


class MobileNetV1(nn.Module):
    STAGES = ((64, 1), (128, 2), (256, 2), (512, 6), (1024, 2))

    def __init__(self, num_classes=1000):
        super().__init__()
        self.conv_stem = nn.Conv2d(3, 32, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        channels = 32
        stages = []
        for stage, (filters, count) in enumerate(self.STAGES):
            blocks = []
            for i in range(count):
                blocks.append(DepthwiseSeparable(channels, filters, 2 if stage and not i else 1))
                channels = filters
            stages.append(nn.Sequential(*blocks))
        self.blocks = nn.Sequential(*stages)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, x):
        x = nn.functional.relu6(self.bn1(self.conv_stem(x)))
        return self.classifier(self.blocks(x).mean((2, 3)))


NETWORKS = {"xception": Xception, "mobilenet_v1": MobileNetV1}
